/** `asset.define`, `market.define`, `market.update` and `account.open`. */
import { MAX_AMOUNT } from '../values/decimal.js'
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import { isEmptyInWords, isTextInWords, TEXT_WORDS } from '../values/text-words.js'
import type { AssetSpec, MarketSpec } from '../domain/catalog.js'
import * as command from '../domain/frames/command-frames.js'
import * as event from '../domain/frames/event-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES, CANCEL_REASONS, MARKET_STATES, STATE_REASONS } from '../domain/vocabulary.js'
import { forgetPrices } from '../matching/breaker-window.js'
import { MARKET_HALTED_AT, STATE_POST_ONLY } from '../matching/market-layout.js'
import { KIND_SYSTEM, KIND_WORLD, PURPOSE_NONE } from './accounts.js'
import { beginWork } from './backlog.js'
import { ENFORCE_BAND, ENFORCE_MINIMA } from './bulk-cancel.js'
import { areRatesSound } from './define-fees.js'
import { beginUncross, isCrossed } from './auctions.js'
import { forgetAuction, writeStateChanged } from './market-states.js'
import { coversRebates, feeBookOf } from './rebate-cover.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const MAX_SCALE = 18
const MAX_BAND_BPS = 9_999
/** A day. */
const MAX_BREAKER_MS = 86_400_000
const MAX_OPEN_ORDERS = 1_000_000_000
/** Prices stay exact as doubles, which the price index works with. */
const MAX_PRICE = BigInt(Number.MAX_SAFE_INTEGER)
const KIND_USER = ACCOUNT_KINDS.indexOf('user')
const ASSET_CODE = /^[A-Z0-9]{1,16}$/
const REQUESTED = STATE_REASONS.indexOf('requested')
const RULE_CHANGED = CANCEL_REASONS.indexOf('rule_changed')
const MARKET_DELISTED = CANCEL_REASONS.indexOf('market_delisted')

export function defineAsset(state: EngineState, frames: FrameBuffer, offset: number): void {
  const scale = frames.u8[offset + command.ASSET_SCALE]!
  const code = frames.text(offset + command.ASSET_CODE)
  const id = state.catalog.assets().length
  if (!ASSET_CODE.test(code) || scale > MAX_SCALE || id >= NONE_16) reject(state, frames, offset, 'invalid_definition')
  else if (state.catalog.assetByCode(code) !== undefined) reject(state, frames, offset, 'asset_exists')
  else {
    const asset: AssetSpec = { id, code, scale }
    state.catalog.addAsset(asset)
    writeAssetDefined(state, asset)
  }
}

export function writeAssetDefined(state: EngineState, asset: AssetSpec): void {
  const at = state.out.begin(event.ASSET_DEFINED, NONE_32, NONE_16, asset.id)
  state.out.frames.u8[at + event.DEFINED_SCALE] = asset.scale
  state.out.frames.setText(at + event.DEFINED_CODE, asset.code)
}

export function defineMarket(state: EngineState, frames: FrameBuffer, offset: number): void {
  const base = state.catalog.asset(frames.asset(offset))
  const quote = state.catalog.asset(frames.u16[(offset + command.MARKET_QUOTE) >> 1]!)
  const id = state.catalog.markets().length
  if (base === undefined || quote === undefined) {
    reject(state, frames, offset, 'unknown_asset')
    return
  }
  const symbol = frames.text(offset + command.MARKET_SYMBOL)
  const priceScale = frames.u8[offset + command.MARKET_PRICE_SCALE]!
  const quantityScale = frames.u8[offset + command.MARKET_QUANTITY_SCALE]!
  const isWhole = quantityScale <= base.scale && priceScale + quantityScale <= quote.scale
  const isSound = isWhole && base !== quote && symbol === `${base.code}-${quote.code}` && id < NONE_16
  const fault = !isSound ? 'invalid_definition' : state.catalog.marketBySymbol(symbol) !== undefined ? 'market_exists' : undefined
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  const terms = {
    id,
    symbol,
    base: base.id,
    quote: quote.id,
    priceScale,
    quantityScale,
    baseUnit: 10n ** BigInt(base.scale - quantityScale),
    notionalUnit: 10n ** BigInt(quote.scale - priceScale - quantityScale),
  }
  const rules = command.readRules(frames, offset + command.RULES)
  const reference = frames.i64[(offset + command.MARKET_REFERENCE_PRICE) >> 3]!
  const rulesFault = checkRules(frames, offset, terms) ?? (reference < 0n || reference > rules.maxPrice ? 'invalid_definition' : undefined)
  if (rulesFault !== undefined) {
    reject(state, frames, offset, rulesFault)
    return
  }
  const market: MarketSpec = { ...terms, ...rules, state: MARKET_STATES[rules.state]! }
  if (!areRebatesCovered(state, market)) {
    reject(state, frames, offset, 'rebate_not_covered')
    return
  }
  addMarket(state, market)
  writeMarket(state, event.MARKET_DEFINED, market)
  if (reference !== 0n) giveReference(state, id, reference)
}

/** Adds a market that has passed all checks, with its book and the balances that its fees go to. */
export function addMarket(state: EngineState, market: MarketSpec): void {
  state.markets.open(market)
  state.catalog.setMarket(market)
}

export function updateMarket(state: EngineState, frames: FrameBuffer, offset: number): void {
  const old = state.catalog.market(frames.market(offset))
  if (old === undefined || old.state === 'delisted') {
    reject(state, frames, offset, old === undefined ? 'unknown_market' : 'market_not_open')
    return
  }
  const fault = checkRules(frames, offset, old)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  const rules = command.readRules(frames, offset + command.RULES)
  const wanted = MARKET_STATES[rules.state]!
  const row = state.markets.rows[old.id]!
  // A crossed book trades at one price before the market does.
  const mustUncross = rules.state <= STATE_POST_ONLY && isCrossed(state, row)
  const market: MarketSpec = { ...old, ...rules, state: mustUncross ? 'pre-open' : wanted }
  if (!areRebatesCovered(state, market)) {
    reject(state, frames, offset, 'rebate_not_covered')
    return
  }
  // Until the orders that break the new tick are gone, the index must find old prices and new ones.
  state.books.rekey(row, greatestCommonDivisor(Number(old.tickSize), Number(market.tickSize)))
  state.markets.setRules(market)
  state.catalog.setMarket(market)
  writeMarket(state, event.MARKET_UPDATED, market)
  if (mustUncross || market.state !== 'pre-open') forgetAuction(state, market.id)
  if (market.state !== old.state) {
    state.memory.f64[row + MARKET_HALTED_AT] = 0
    writeStateChanged(state, market.id, REQUESTED)
  }
  state.backlog.push({ kind: 'rule-change', account: tightened(old, market), market: market.id, reason: market.state === 'delisted' ? MARKET_DELISTED : RULE_CHANGED })
  if (mustUncross) beginUncross(state, market.id, rules.state)
  beginWork(state)
}

/** Which rules resting orders are measured by that they need not have met before. */
function tightened(old: MarketSpec, market: MarketSpec): number {
  const isMinimumHigher = market.minQuantity > old.minQuantity || market.minNotional > old.minNotional
  return (market.priceBandBps !== old.priceBandBps ? ENFORCE_BAND : 0) | (isMinimumHigher ? ENFORCE_MINIMA : 0)
}

/** `market.set-reference`. */
export function setReference(state: EngineState, frames: FrameBuffer, offset: number): void {
  const market = state.catalog.market(frames.market(offset))
  const reference = frames.i64[(offset + command.SET_REFERENCE_PRICE) >> 3]!
  if (market === undefined) reject(state, frames, offset, 'unknown_market')
  else if (market.state === 'delisted') reject(state, frames, offset, 'market_not_open')
  else if (reference <= 0n) reject(state, frames, offset, 'price_not_positive')
  else if (reference > market.maxPrice) reject(state, frames, offset, 'price_out_of_bounds')
  else {
    giveReference(state, market.id, reference)
    forgetPrices(state.memory, state.markets.rows[market.id]!)
    beginWork(state, { kind: 'rule-change', account: ENFORCE_BAND, market: market.id, reason: RULE_CHANGED })
  }
}

function giveReference(state: EngineState, marketId: number, reference: bigint): void {
  state.markets.setReference(marketId, reference)
  const at = state.out.begin(event.MARKET_REFERENCE_SET, NONE_32, marketId, NONE_16)
  state.out.frames.i64[(at + event.REFERENCE_SET_PRICE) >> 3] = reference
}

/** Whether the fees of takers would still cover all rebates with this market as it shall be. */
function areRebatesCovered(state: EngineState, market: MarketSpec): boolean {
  const book = feeBookOf(state)
  return coversRebates({ ...book, markets: [...book.markets.filter(({ id }) => id !== market.id), market] })
}

export function openAccount(state: EngineState, frames: FrameBuffer, offset: number): void {
  const kind = frames.u8[offset + command.ACCOUNT_KIND]!
  const purpose = frames.u8[offset + command.ACCOUNT_PURPOSE]!
  const { u32 } = frames
  const nameAt = (offset + command.ACCOUNT_NAME) >> 2
  const fault = accountFault(state, frames, offset)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  const parent = u32[(offset + command.ACCOUNT_PARENT) >> 2]! - 1
  const above = parent < 0 ? undefined : parent
  const id = state.accounts.open({ names: u32, nameAt, ...groupOf(state, frames, offset), kind, purpose, parent: above })
  const at = state.out.begin(event.ACCOUNT_OPENED, id, NONE_16, NONE_16)
  const out = state.out.frames
  out.u8[at + event.OPENED_KIND] = kind
  out.u8[at + event.OPENED_PURPOSE] = purpose
  out.u32[(at + event.OPENED_PARENT) >> 2] = parent + 1
  state.accounts.copyName(id, out.u32, (at + event.OPENED_NAME) >> 2)
  state.accounts.copyGroup(id, out.u32, (at + event.OPENED_GROUP) >> 2)
}

function accountFault(state: EngineState, frames: FrameBuffer, offset: number): RejectCode | undefined {
  const kind = frames.u8[offset + command.ACCOUNT_KIND]!
  const purpose = frames.u8[offset + command.ACCOUNT_PURPOSE]!
  const { u32 } = frames
  const nameAt = (offset + command.ACCOUNT_NAME) >> 2
  const ownGroup = (offset + command.ACCOUNT_GROUP) >> 2
  const hasGroup = !isEmptyInWords(u32, ownGroup)
  const parent = u32[(offset + command.ACCOUNT_PARENT) >> 2]!
  if (kind >= ACCOUNT_KINDS.length || purpose >= ACCOUNT_PURPOSES.length) return 'malformed_frame'
  if (!isTextInWords(u32, nameAt) || (hasGroup && !isTextInWords(u32, ownGroup))) return 'malformed_text'
  if (kind === KIND_WORLD) return 'not_permitted'
  if (purpose !== PURPOSE_NONE && kind !== KIND_SYSTEM) return 'invalid_combination'
  const fault = parent === 0 ? undefined : parentFault(state, { parent: parent - 1, kind, hasGroup })
  return fault ?? (state.accounts.find(u32, nameAt) >= 0 ? 'account_exists' : undefined)
}

/** A sub-account is a user's, stands directly under a user's, and has its group. */
function parentFault({ accounts }: EngineState, { parent, kind, hasGroup }: { parent: number; kind: number; hasGroup: boolean }): RejectCode | undefined {
  if (parent >= accounts.count) return 'unknown_account'
  if (kind !== KIND_USER || accounts.kind(parent) !== KIND_USER || accounts.parent(parent) !== undefined) return 'not_permitted'
  return hasGroup ? 'invalid_combination' : undefined
}

/** The group of a new account: its parent's, else the one that the command gives, else its own name. */
function groupOf({ accounts }: EngineState, frames: FrameBuffer, offset: number): { groups: Uint32Array; groupAt: number } {
  const { u32 } = frames
  const parent = u32[(offset + command.ACCOUNT_PARENT) >> 2]!
  if (parent !== 0) {
    const groups = new Uint32Array(TEXT_WORDS)
    accounts.copyGroup(parent - 1, groups, 0)
    return { groups, groupAt: 0 }
  }
  const ownGroup = (offset + command.ACCOUNT_GROUP) >> 2
  return { groups: u32, groupAt: isEmptyInWords(u32, ownGroup) ? (offset + command.ACCOUNT_NAME) >> 2 : ownGroup }
}

/** Whether the rules are sound in themselves, and small enough that no amount can overflow. */
function checkRules(frames: FrameBuffer, offset: number, units: { baseUnit: bigint; notionalUnit: bigint }): RejectCode | undefined {
  const rules = command.readRules(frames, offset + command.RULES)
  if (rules.state >= MARKET_STATES.length || frames.u8[offset + command.RULES + 1]! > 1) return 'malformed_frame'
  const { tickSize, lotSize, minQuantity, maxQuantity, maxPrice, minNotional } = rules
  const isSound =
    tickSize > 0n &&
    lotSize > 0n &&
    maxPrice >= tickSize &&
    maxPrice <= MAX_PRICE &&
    maxPrice % tickSize === 0n &&
    minQuantity >= 0n &&
    maxQuantity >= lotSize &&
    maxQuantity >= minQuantity &&
    minNotional >= 0n &&
    minNotional <= MAX_AMOUNT &&
    (rules.maxNotional === 0n || rules.maxNotional >= minNotional) &&
    rules.maxNotional >= 0n &&
    rules.maxNotional <= MAX_AMOUNT &&
    maxQuantity * units.baseUnit <= MAX_AMOUNT &&
    maxPrice * maxQuantity * units.notionalUnit <= MAX_AMOUNT
  const hasBreaker = rules.breakerMoveBps > 0
  const breakerTimes = [rules.breakerWindowMs, rules.haltMs, rules.auctionMs, rules.auctionRandomMs]
  const isBreakerSound = rules.breakerMoveBps <= MAX_BAND_BPS && hasBreaker === rules.breakerWindowMs > 0 && breakerTimes.every((ms) => ms <= (hasBreaker ? MAX_BREAKER_MS : 0))
  const isBounded = isBreakerSound && rules.priceBandBps <= MAX_BAND_BPS && rules.marketBandBps >= 1 && rules.marketBandBps <= MAX_BAND_BPS && rules.maxOpenOrders >= 1 && rules.maxOpenOrders <= MAX_OPEN_ORDERS
  return isSound && areRatesSound(rules.makerFeePpm, rules.takerFeePpm) && isBounded ? undefined : 'invalid_definition'
}

export function writeMarket(state: EngineState, type: number, market: MarketSpec): void {
  const at = state.out.begin(type, NONE_32, market.id, market.base)
  const out = state.out.frames
  out.u16[(at + event.DEFINED_QUOTE) >> 1] = market.quote
  out.u8[at + event.DEFINED_PRICE_SCALE] = market.priceScale
  out.u8[at + event.DEFINED_QUANTITY_SCALE] = market.quantityScale
  command.writeRules(out, at + event.DEFINED_RULES, { ...market, state: MARKET_STATES.indexOf(market.state) })
  out.setText(at + event.DEFINED_SYMBOL, market.symbol)
  out.i64[(at + event.DEFINED_BASE_UNIT) >> 3] = market.baseUnit
  out.i64[(at + event.DEFINED_NOTIONAL_UNIT) >> 3] = market.notionalUnit
}

function greatestCommonDivisor(a: number, b: number): number {
  while (b !== 0) [a, b] = [b, a % b]
  return a
}
