/** Definitions of assets, markets and accounts in the naive engine. */
import {
  ACCOUNT_GROUP,
  ACCOUNT_KIND,
  ACCOUNT_KINDS,
  ACCOUNT_NAME,
  ACCOUNT_PARENT,
  ACCOUNT_PURPOSE,
  ACCOUNT_PURPOSES,
  ASSET_CODE,
  ASSET_SCALE,
  DEFAULT_SETTINGS,
  MARKET_PRICE_SCALE,
  MARKET_QUANTITY_SCALE,
  MARKET_QUOTE,
  MARKET_REFERENCE_PRICE,
  MARKET_STATES,
  MARKET_SYMBOL,
  MAX_AMOUNT,
  NONE_16,
  RULES,
  SET_REFERENCE_PRICE,
  type MarketRules,
  type MarketSpec,
  type RejectCode,
} from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import { isCrossed } from './naive-auction.js'
import { enforceRules } from './naive-backlog.js'
import { areRatesSound, coversRebates, feeBookOf } from './naive-fee-book.js'
import { enterState, forgetAuction } from './naive-market-states.js'
import type { NaiveRun } from './naive-state.js'

export function defineAsset(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const id = state.assets.length
  const code = frame.text(ASSET_CODE) ?? ''
  const scale = frame.u8(ASSET_SCALE)
  if (!/^[A-Z0-9]{1,16}$/.test(code) || scale > 18 || id >= NONE_16) return 'invalid_definition'
  if (state.assets.some((asset) => asset.code === code)) return 'asset_exists'
  const asset = { id, code, scale }
  state.assets.push(asset)
  run.emit({ type: 'asset.defined', asset })
  return undefined
}

export function defineMarket(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const id = state.markets.length
  const base = state.assets[frame.asset]
  const quote = state.assets[frame.u16(MARKET_QUOTE)]
  if (base === undefined || quote === undefined) return 'unknown_asset'
  const symbol = frame.text(MARKET_SYMBOL)
  const priceScale = frame.u8(MARKET_PRICE_SCALE)
  const quantityScale = frame.u8(MARKET_QUANTITY_SCALE)
  if (base === quote || symbol !== `${base.code}-${quote.code}` || id >= NONE_16) return 'invalid_definition'
  // Every amount of a trade must be a whole number of ledger units.
  if (quantityScale > base.scale || priceScale + quantityScale > quote.scale) return 'invalid_definition'
  if (state.markets.some(({ spec }) => spec.symbol === symbol)) return 'market_exists'
  const units = { baseUnit: 10n ** BigInt(base.scale - quantityScale), notionalUnit: 10n ** BigInt(quote.scale - priceScale - quantityScale) }
  const rules = readRules(frame, units)
  if (typeof rules === 'string') return rules
  const spec: MarketSpec = { id, symbol, base: base.id, quote: quote.id, priceScale, quantityScale, ...units, ...rules }
  const referencePrice = frame.i64(MARKET_REFERENCE_PRICE)
  if (referencePrice < 0n || referencePrice > spec.maxPrice) return 'invalid_definition'
  if (!coversRebates({ ...feeBookOf(state), markets: [...state.markets.map((known) => known.spec), spec] })) return 'rebate_not_covered'
  state.markets.push({ spec, lastTradeId: 0, lastPrice: 0n, givenReference: referencePrice, auctionPrice: 0n, window: undefined, haltedAtUs: 0, bids: [], asks: [], waiting: [], triggered: [] })
  run.emit({ type: 'market.defined', market: spec })
  if (referencePrice > 0n) run.emit({ type: 'market.reference-set', market: id, referencePrice })
  return undefined
}

export function updateMarket(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = state.markets[frame.market]
  if (market === undefined) return 'unknown_market'
  if (market.spec.state === 'delisted') return 'market_not_open'
  const rules = readRules(frame, market.spec)
  if (typeof rules === 'string') return rules
  const old = market.spec
  const mustUncross = (rules.state === 'open' || rules.state === 'post-only') && isCrossed(market)
  const spec: MarketSpec = { ...old, ...rules, state: mustUncross ? 'pre-open' : rules.state }
  if (!coversRebates({ ...feeBookOf(state), markets: state.markets.map((known) => (known === market ? spec : known.spec)) })) return 'rebate_not_covered'
  market.spec = spec
  run.emit({ type: 'market.updated', market: market.spec })
  if (mustUncross) forgetAuction(state, market)
  if (rules.breakerWindowMs !== old.breakerWindowMs) market.window = undefined
  if (market.spec.state !== old.state) enterState(run, market, { to: market.spec.state, reason: 'requested' })
  enforceRules(run, old.id, {
    newBand: rules.priceBandBps !== old.priceBandBps,
    newMinima: rules.minQuantity > old.minQuantity || rules.minNotional > old.minNotional,
  }, mustUncross ? [{ kind: 'uncross', account: MARKET_STATES.indexOf(rules.state), market: old.id, reason: 'requested' }] : [])
  return undefined
}

export function setReference(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const market = state.markets[frame.market]
  if (market === undefined) return 'unknown_market'
  if (market.spec.state === 'delisted') return 'market_not_open'
  const referencePrice = frame.i64(SET_REFERENCE_PRICE)
  if (referencePrice <= 0n) return 'price_not_positive'
  if (referencePrice > market.spec.maxPrice) return 'price_out_of_bounds'
  market.givenReference = referencePrice
  market.window = undefined
  run.emit({ type: 'market.reference-set', market: market.spec.id, referencePrice })
  enforceRules(run, market.spec.id, { newBand: true, newMinima: false })
  return undefined
}

export function openAccount(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const kind = frame.word(ACCOUNT_KINDS, ACCOUNT_KIND)
  const purpose = frame.word(ACCOUNT_PURPOSES, ACCOUNT_PURPOSE)
  const name = frame.text(ACCOUNT_NAME)
  const ownGroup = frame.text(ACCOUNT_GROUP)
  const writtenParent = frame.u32(ACCOUNT_PARENT)
  const parent = writtenParent === 0 ? undefined : writtenParent - 1
  if (kind === undefined || purpose === undefined) return 'malformed_frame'
  if (name === undefined || name === '' || ownGroup === undefined) return 'malformed_text'
  if (kind === 'world') return 'not_permitted'
  if (purpose !== 'none' && kind !== 'system') return 'invalid_combination'
  if (parent !== undefined) {
    const above = state.accounts[parent]
    if (above === undefined) return 'unknown_account'
    if (kind !== 'user' || above.kind !== 'user' || above.parent !== undefined) return 'not_permitted'
    if (ownGroup !== '') return 'invalid_combination'
  }
  if (state.accounts.some((account) => account.name === name)) return 'account_exists'
  const group = parent !== undefined ? state.accounts[parent]!.group : ownGroup === '' ? name : ownGroup
  state.accounts.push({ name, kind, purpose, group, parent, settings: DEFAULT_SETTINGS })
  run.emit({ type: 'account.opened', account: state.accounts.length - 1, name, kind, group, purpose, parent })
  return undefined
}

/** The 96 bytes of rules, if they are sound and no amount under them can pass the bounds of an amount. */
function readRules(frame: FrameReader, { baseUnit, notionalUnit }: { baseUnit: bigint; notionalUnit: bigint }): MarketRules | RejectCode {
  const state = frame.word(MARKET_STATES, RULES)
  const allowSelfTrade = frame.u8(RULES + 1)
  if (state === undefined || allowSelfTrade > 1) return 'malformed_frame'
  const rules: MarketRules = {
    state,
    allowSelfTrade: allowSelfTrade === 1,
    marketBandBps: frame.u16(RULES + 2),
    makerFeePpm: frame.i32(RULES + 4),
    takerFeePpm: frame.i32(RULES + 8),
    maxOpenOrders: frame.u32(RULES + 12),
    tickSize: frame.i64(RULES + 16),
    lotSize: frame.i64(RULES + 24),
    minQuantity: frame.i64(RULES + 32),
    maxQuantity: frame.i64(RULES + 40),
    maxPrice: frame.i64(RULES + 48),
    minNotional: frame.i64(RULES + 56),
    maxNotional: frame.i64(RULES + 64),
    priceBandBps: frame.u16(RULES + 72),
    breakerMoveBps: frame.u16(RULES + 74),
    breakerWindowMs: frame.u32(RULES + 76),
    haltMs: frame.u32(RULES + 80),
    auctionMs: frame.u32(RULES + 84),
    auctionRandomMs: frame.u32(RULES + 88),
  }
  const { tickSize, lotSize, minQuantity, maxQuantity, maxPrice, minNotional } = rules
  const faults = [
    tickSize <= 0n || lotSize <= 0n || minQuantity < 0n,
    maxPrice < tickSize || maxPrice > BigInt(Number.MAX_SAFE_INTEGER) || maxPrice % (tickSize > 0n ? tickSize : 1n) !== 0n,
    maxQuantity < lotSize || maxQuantity < minQuantity || maxQuantity * baseUnit > MAX_AMOUNT,
    minNotional < 0n || minNotional > MAX_AMOUNT,
    rules.maxNotional !== 0n && (rules.maxNotional < minNotional || rules.maxNotional > MAX_AMOUNT),
    rules.priceBandBps > 9_999,
    rules.breakerMoveBps > 9_999,
    rules.breakerMoveBps > 0 !== rules.breakerWindowMs > 0,
    rules.breakerMoveBps === 0 && (rules.haltMs > 0 || rules.auctionMs > 0 || rules.auctionRandomMs > 0),
    [rules.breakerWindowMs, rules.haltMs, rules.auctionMs, rules.auctionRandomMs].some((ms) => ms > 24 * 60 * 60 * 1000),
    maxPrice * maxQuantity * notionalUnit > MAX_AMOUNT,
    !areRatesSound(rules),
    rules.marketBandBps < 1 || rules.marketBandBps > 9_999,
    rules.maxOpenOrders < 1 || rules.maxOpenOrders > 1_000_000_000,
  ]
  return faults.includes(true) ? 'invalid_definition' : rules
}
