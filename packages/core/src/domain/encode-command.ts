/** Turns a command in names and decimal strings into its binary frame. */
import { isFrameText, NONE_16, type FrameBuffer } from '../values/frames.js'
import { parseDecimal } from '../values/decimal.js'
import type { Catalog, MarketSpec } from './catalog.js'
import type { AccountUpdate, Command, ExitLeg, MarketRulesInput, OrderAmend, OrderCancelReplace, OrderPlace, OrderPlaceBracket, OrderPlaceOco, OrderReference, QuoteEntry, QuotePlace } from './commands.js'
import * as frame from './command-frames.js'
import { MAX_FEE_TIER, writeAccountUpdate, writeFeesDefineTier, writeFeesSetRate } from './fee-frames.js'
import { writeOrderPlaceBracket, writeOrderPlaceOco, type ExitLegFields } from './linked-frames.js'
import { writeQuotePlace, writeQuoteProtect, writeQuoteResetProtection, type QuoteEntryFields } from './quote-frames.js'
import type { RejectCode } from './rejects.js'
import { writeOrderCancelReplace } from './replace-frames.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES, BRACKET_MODES, FREEZES, MARKET_STATES, ORDER_TYPES, REPLACE_MODES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE, type OrderType } from './vocabulary.js'

/** Types that trade like a market order once they start, and so do not rest. */
const STARTS_AS_MARKET: ReadonlySet<string> = new Set<OrderType>(['market', 'stop-market', 'take-profit', 'trailing-stop'])
/** Fields that only the frame of special orders has. */
const TERMS = ['stopPrice', 'displayQuantity', 'expiresAt', 'trailingOffset', 'trailingBps', 'activationPrice'] as const

/** Why a command cannot be written as a frame. */
export interface EncodeFault {
  readonly code: RejectCode
  readonly field: string
  readonly message: string
}

/** Carries a fault out of the nested readers below; never leaves this file. */
class Fault extends Error {
  constructor(
    readonly code: RejectCode,
    readonly field: string,
    message: string,
  ) {
    super(message)
  }
}

/**
 * Appends the frame of a command; header sequence and timestamp stay zero until the writer stamps them.
 *
 * Looks names up and reads decimals, nothing else: what the engine can judge by itself (limits,
 * combinations, balances) is left to the engine.
 *
 * @returns undefined, or the fault, in which case nothing was appended. Never throws on user input.
 */
export function encodeCommand(command: Command, catalog: Catalog, frames: FrameBuffer): EncodeFault | undefined {
  const start = frames.length
  try {
    write(command, catalog, frames)
    return undefined
  } catch (error) {
    frames.length = start
    if (!(error instanceof Fault)) throw error
    return { code: error.code, field: error.field, message: error.message }
  }
}

function write(command: Command, catalog: Catalog, frames: FrameBuffer): void {
  switch (command.type) {
    case 'asset.define':
      frame.writeAssetDefine(frames, { code: text(command.code, 'code'), scale: integer(command.scale, 'scale', 255) })
      return
    case 'market.define': {
      const base = asset(catalog, command.base, 'base')
      const quote = asset(catalog, command.quote, 'quote')
      const priceScale = integer(command.priceScale, 'priceScale', 18)
      const quantityScale = integer(command.quantityScale, 'quantityScale', 18)
      const rules = rulesFields(command, { priceScale, quantityScale, quoteScale: quote.scale })
      const referencePrice = definedUnits(command.referencePrice ?? '0', priceScale, 'referencePrice')
      frame.writeMarketDefine(frames, { symbol: text(command.symbol, 'symbol'), base: base.id, quote: quote.id, priceScale, quantityScale, rules, referencePrice })
      return
    }
    case 'market.update': {
      const target = market(catalog, command.market)
      const quoteScale = catalog.asset(target.quote)!.scale
      const rules = rulesFields(command, { priceScale: target.priceScale, quantityScale: target.quantityScale, quoteScale })
      frame.writeMarketUpdate(frames, { market: target.id, rules })
      return
    }
    case 'market.set-reference': {
      const target = market(catalog, command.market)
      frame.writeMarketSetReference(frames, target.id, price(command.referencePrice, target, 'referencePrice'))
      return
    }
    case 'market.auction':
      frame.writeMarketAuction(frames, market(catalog, command.market).id, positive(command.endsAt, 'endsAt', Math.floor(Number.MAX_SAFE_INTEGER / 1000)) * 1000)
      return
    case 'account.open':
      frame.writeAccountOpen(frames, {
        name: text(command.account, 'account'),
        kind: member(ACCOUNT_KINDS, command.kind, 'kind'),
        group: command.group === undefined ? '' : text(command.group, 'group'),
        purpose: member(ACCOUNT_PURPOSES, command.purpose ?? 'none', 'purpose'),
        ...(command.parent === undefined ? {} : { parent: account(catalog, command.parent, 'parent') }),
      })
      return
    case 'order.place':
      writePlace(command, catalog, frames)
      return
    case 'order.cancel':
      frame.writeOrderCancel(frames, reference(command, catalog))
      return
    case 'order.reduce': {
      const target = market(catalog, command.market)
      frame.writeOrderReduce(frames, { ...reference(command, catalog), leavesQuantity: quantity(command.leavesQuantity, target, 'leavesQuantity') })
      return
    }
    case 'order.amend':
      writeAmend(command, catalog, frames)
      return
    case 'order.cancel-all':
      frame.writeOrderCancelAll(frames, account(catalog, command.account, 'account'), command.market === undefined ? NONE_16 : market(catalog, command.market).id)
      return
    case 'order.cancel-replace':
      writeReplace(command, catalog, frames)
      return
    case 'order.cancel-all-after':
      frame.writeOrderCancelAllAfter(frames, {
        account: account(catalog, command.account, 'account'),
        market: command.market === undefined ? NONE_16 : market(catalog, command.market).id,
        timeoutMs: timeout(command.timeoutMs, 'timeoutMs'),
      })
      return
    case 'order.place-bracket':
      writeBracket(command, catalog, frames)
      return
    case 'order.place-oco':
      writeOco(command, catalog, frames)
      return
    case 'quote.place':
      writeQuotes(command, catalog, frames)
      return
    case 'quote.protect': {
      const target = market(catalog, command.market)
      writeQuoteProtect(frames, {
        account: account(catalog, command.account, 'account'),
        market: target.id,
        quantity: command.quantity === undefined ? 0n : quantity(command.quantity, target, 'quantity'),
        fills: command.fills === undefined ? 0 : positive(command.fills, 'fills', 0xffffffff),
        windowMs: timeout(command.windowMs, 'windowMs'),
        frozenMs: timeout(command.frozenMs ?? 0, 'frozenMs'),
      })
      return
    }
    case 'quote.reset-protection':
      writeQuoteResetProtection(frames, account(catalog, command.account, 'account'), market(catalog, command.market).id)
      return
    case 'ledger.transfer': {
      const spec = asset(catalog, command.asset, 'asset')
      frame.writeLedgerTransfer(frames, {
        requestId: text(command.requestId, 'requestId'),
        from: account(catalog, command.from, 'from'),
        to: account(catalog, command.to, 'to'),
        asset: spec.id,
        amount: amount(command.amount, spec.scale, 'amount'),
        withinFamily: within(command.within),
      })
      return
    }
    case 'ledger.hold': {
      const spec = asset(catalog, command.asset, 'asset')
      frame.writeLedgerHold(frames, {
        holdId: text(command.holdId, 'holdId'),
        account: account(catalog, command.account, 'account'),
        asset: spec.id,
        amount: amount(command.amount, spec.scale, 'amount'),
      })
      return
    }
    case 'ledger.settle':
      frame.writeLedgerSettle(frames, text(command.holdId, 'holdId'), account(catalog, command.to, 'to'))
      return
    case 'ledger.release':
      frame.writeLedgerRelease(frames, text(command.holdId, 'holdId'))
      return
    case 'continue':
      frame.writeContinue(frames)
      return
    case 'fees.define-tier':
      writeFeesDefineTier(frames, {
        tier: integer(command.tier, 'tier', MAX_FEE_TIER),
        market: command.market === undefined ? NONE_16 : market(catalog, command.market).id,
        makerFeePpm: makerPpm(command.makerFee),
        takerFeePpm: feePpm(command.takerFee, 'takerFee'),
      })
      return
    case 'fees.set-rate': {
      const spec = asset(catalog, command.asset, 'asset')
      const feeAsset = asset(catalog, command.feeAsset, 'feeAsset')
      writeFeesSetRate(frames, {
        feeAsset: feeAsset.id,
        asset: spec.id,
        feeAssetAmount: amount(command.feeAssetAmount, feeAsset.scale, 'feeAssetAmount'),
        assetAmount: amount(command.assetAmount, spec.scale, 'assetAmount'),
        discountPpm: feePpm(command.discount, 'discount'),
      })
      return
    }
    case 'account.update':
      writeUpdate(command, catalog, frames)
      return
    default:
      throw new Fault('unknown_command', 'type', `"${String((command as { type?: unknown }).type)}" is not a command.`)
  }
}

function writePlace(order: OrderPlace, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, order.market)
  const fields = placeFields(order, target, catalog)
  if (isSpecial(order)) frame.writeOrderPlaceSpecial(frames, { ...fields, ...termsFields(order, target) })
  else frame.writeOrderPlace(frames, fields)
}

function writeReplace(command: OrderCancelReplace, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, command.market)
  const replaced = reference(command, catalog)
  const order: OrderPlace = { ...command.order, type: 'order.place', account: command.account, market: command.market }
  writeOrderCancelReplace(frames, {
    ...placeFields(order, target, catalog),
    ...termsFields(order, target),
    replacedOrderId: replaced.orderId,
    replacedClientOrderId: replaced.clientOrderId,
    mode: member(REPLACE_MODES, command.mode ?? 'atomic', 'mode'),
  })
}

function placeFields(order: OrderPlace, target: MarketSpec, catalog: Catalog): frame.OrderPlaceFields {
  const byQuote = order.quoteQuantity !== undefined
  if (byQuote === (order.quantity !== undefined)) {
    throw new Fault('invalid_combination', 'quantity', 'Give exactly one of quantity and quoteQuantity.')
  }
  const orderType = member(ORDER_TYPES, order.orderType, 'orderType')
  const flags =
    (order.postOnly === true || order.postOnly === 'slide' ? frame.PLACE_POST_ONLY : 0) |
    (order.idempotent === true ? frame.PLACE_IDEMPOTENT : 0) |
    (byQuote ? frame.PLACE_BY_QUOTE : 0) |
    (order.price !== undefined ? frame.PLACE_HAS_PRICE : 0)
  return {
    account: account(catalog, order.account, 'account'),
    market: target.id,
    side: member(SIDES, order.side, 'side'),
    orderType,
    timeInForce: member(TIMES_IN_FORCE, order.timeInForce ?? (STARTS_AS_MARKET.has(order.orderType) ? 'ioc' : order.expiresAt === undefined ? 'gtc' : 'gtd'), 'timeInForce'),
    selfTradePrevention: member(SELF_TRADE_PREVENTIONS, order.selfTradePrevention ?? 'cancel-taker', 'selfTradePrevention'),
    flags,
    price: order.price === undefined ? 0n : price(order.price, target, 'price'),
    quantity: byQuote
      ? amount(order.quoteQuantity, catalog.asset(target.quote)!.scale, 'quoteQuantity')
      : quantity(order.quantity, target, 'quantity'),
    clientOrderId: order.clientOrderId === undefined ? '' : text(order.clientOrderId, 'clientOrderId'),
  }
}

/** Whether an order needs the larger frame. */
function isSpecial(order: OrderPlace): boolean {
  return (order.orderType !== 'limit' && order.orderType !== 'market') || order.timeInForce === 'gtd' || order.postOnly === 'slide' || TERMS.some((field) => order[field] !== undefined)
}

/** A term that is given is not zero: zero stands for one that is not given. */
function termsFields(order: OrderPlace, target: MarketSpec): frame.OrderTermsFields {
  const given = (value: string | undefined, read: typeof price, field: string): bigint => {
    if (value === undefined) return 0n
    const units = read(value, target, field)
    if (units === 0n) throw new Fault(read === price ? 'price_not_positive' : 'quantity_not_positive', field, `${field} must be more than 0.`)
    return units
  }
  return {
    expiresAtUs: order.expiresAt === undefined ? 0 : expiry(order.expiresAt),
    stopPrice: given(order.stopPrice, price, 'stopPrice'),
    displayQuantity: given(order.displayQuantity, quantity, 'displayQuantity'),
    trailingOffset: given(order.trailingOffset, price, 'trailingOffset'),
    trailingBps: order.trailingBps === undefined ? 0 : positive(order.trailingBps, 'trailingBps', 0xffffffff),
    activationPrice: given(order.activationPrice, price, 'activationPrice'),
    flags2: order.postOnly === 'slide' ? frame.PLACE_2_SLIDE : 0,
  }
}

function writeQuotes(ladder: QuotePlace, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, ladder.market)
  const entries = (side: readonly QuoteEntry[], field: string): QuoteEntryFields[] =>
    side.map((entry, at) => ({ price: price(entry.price, target, `${field}[${at}].price`), quantity: quantity(entry.quantity, target, `${field}[${at}].quantity`) }))
  const count = ladder.bids.length + ladder.asks.length
  if (count > frame.MAX_QUOTE_ENTRIES) throw new Fault('malformed_frame', 'bids', `A ladder has at most ${frame.MAX_QUOTE_ENTRIES} entries, not ${count}.`)
  writeQuotePlace(frames, {
    account: account(catalog, ladder.account, 'account'),
    market: target.id,
    selfTradePrevention: member(SELF_TRADE_PREVENTIONS, ladder.selfTradePrevention ?? 'cancel-taker', 'selfTradePrevention'),
    postOnly: ladder.postOnly === true,
    bids: entries(ladder.bids, 'bids'),
    asks: entries(ladder.asks, 'asks'),
  })
}

function writeBracket(bracket: OrderPlaceBracket, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, bracket.market)
  writeOrderPlaceBracket(frames, {
    ...placeFields({ ...bracket, type: 'order.place' }, target, catalog),
    mode: member(BRACKET_MODES, bracket.mode ?? 'incremental', 'mode'),
    takeProfit: exitLeg(bracket.takeProfit, target, 'takeProfit'),
    stopLoss: exitLeg(bracket.stopLoss, target, 'stopLoss'),
  })
}

function writeOco(oco: OrderPlaceOco, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, oco.market)
  writeOrderPlaceOco(frames, {
    account: account(catalog, oco.account, 'account'),
    market: target.id,
    side: member(SIDES, oco.side, 'side'),
    selfTradePrevention: member(SELF_TRADE_PREVENTIONS, oco.selfTradePrevention ?? 'cancel-taker', 'selfTradePrevention'),
    flags: oco.idempotent === true ? frame.PLACE_IDEMPOTENT : 0,
    quantity: quantity(oco.quantity, target, 'quantity'),
    takeProfit: exitLeg(oco.takeProfit, target, 'takeProfit'),
    stopLoss: exitLeg(oco.stopLoss, target, 'stopLoss'),
  })
}

function exitLeg(leg: ExitLeg, target: MarketSpec, field: string): ExitLegFields {
  return {
    orderType: member(ORDER_TYPES, leg.orderType, `${field}.orderType`),
    timeInForce: member(TIMES_IN_FORCE, leg.timeInForce ?? (STARTS_AS_MARKET.has(leg.orderType) ? 'ioc' : 'gtc'), `${field}.timeInForce`),
    flags: leg.price === undefined ? 0 : frame.PLACE_HAS_PRICE,
    price: leg.price === undefined ? 0n : price(leg.price, target, `${field}.price`),
    stopPrice: leg.stopPrice === undefined ? 0n : price(leg.stopPrice, target, `${field}.stopPrice`),
    clientOrderId: leg.clientOrderId === undefined ? '' : text(leg.clientOrderId, `${field}.clientOrderId`),
  }
}

function writeAmend(order: OrderAmend, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, order.market)
  frame.writeOrderAmend(frames, {
    ...reference(order, catalog),
    price: order.price === undefined ? undefined : price(order.price, target, 'price'),
    quantity: order.quantity === undefined ? undefined : quantity(order.quantity, target, 'quantity'),
  })
}

function writeUpdate(update: AccountUpdate, catalog: Catalog, frames: FrameBuffer): void {
  if (typeof update.referrer === 'string' ? update.referralShare === undefined : update.referralShare !== undefined) {
    throw new Fault('invalid_combination', 'referralShare', 'Give a referralShare with a referrer, and only with one.')
  }
  if (update.keepOrders !== undefined && update.frozen === undefined) throw new Fault('invalid_combination', 'keepOrders', 'Give keepOrders only with frozen.')
  if (update.frozen !== undefined) member(FREEZES, update.frozen, 'frozen')
  writeAccountUpdate(frames, account(catalog, update.account, 'account'), {
    ...(update.feeTier === undefined ? {} : { feeTier: integer(update.feeTier, 'feeTier', MAX_FEE_TIER) }),
    ...(update.feeAsset === undefined ? {} : { feeAsset: update.feeAsset === null ? undefined : asset(catalog, update.feeAsset, 'feeAsset').id }),
    ...(update.referrer === undefined ? {} : referral(update.referrer, update.referralShare, catalog)),
    ...(update.frozen === undefined ? {} : { frozen: update.frozen, keepOrders: update.keepOrders === true }),
  })
}

function within(value: string | undefined): boolean {
  if (value !== undefined) member(['family'], value, 'within')
  return value === 'family'
}

function referral(name: string | null, share: string | undefined, catalog: Catalog): { referrer: number | undefined; referralPpm: number } {
  return name === null ? { referrer: undefined, referralPpm: 0 } : { referrer: account(catalog, name, 'referrer'), referralPpm: feePpm(share, 'referralShare') }
}

function reference(order: OrderReference, catalog: Catalog): frame.OrderReferenceFields {
  if ((order.orderId === undefined) === (order.clientOrderId === undefined)) {
    throw new Fault('invalid_combination', 'orderId', 'Give exactly one of orderId and clientOrderId.')
  }
  if (order.orderId !== undefined && !(Number.isSafeInteger(order.orderId) && order.orderId > 0)) {
    throw new Fault('unknown_order', 'orderId', `${order.orderId} is not an order id.`)
  }
  return {
    account: account(catalog, order.account, 'account'),
    market: market(catalog, order.market).id,
    orderId: order.orderId ?? 0,
    clientOrderId: order.clientOrderId === undefined ? '' : text(order.clientOrderId, 'clientOrderId'),
  }
}

function rulesFields(
  input: MarketRulesInput,
  scales: { priceScale: number; quantityScale: number; quoteScale: number },
): frame.RulesFields {
  return {
    state: member(MARKET_STATES, input.state, 'state'),
    allowSelfTrade: input.allowSelfTrade,
    marketBandBps: integer(input.marketBandBps, 'marketBandBps', 0xffff),
    makerFeePpm: makerPpm(input.makerFee),
    takerFeePpm: feePpm(input.takerFee, 'takerFee'),
    maxOpenOrders: integer(input.maxOpenOrders, 'maxOpenOrders', 0xffffffff),
    tickSize: definedUnits(input.tickSize, scales.priceScale, 'tickSize'),
    lotSize: definedUnits(input.lotSize, scales.quantityScale, 'lotSize'),
    minQuantity: definedUnits(input.minQuantity, scales.quantityScale, 'minQuantity'),
    maxQuantity: definedUnits(input.maxQuantity, scales.quantityScale, 'maxQuantity'),
    maxPrice: definedUnits(input.maxPrice, scales.priceScale, 'maxPrice'),
    minNotional: definedUnits(input.minNotional, scales.quoteScale, 'minNotional'),
    maxNotional: definedUnits(input.maxNotional ?? '0', scales.quoteScale, 'maxNotional'),
    priceBandBps: integer(input.priceBandBps ?? 0, 'priceBandBps', 0xffff),
    breakerMoveBps: integer(input.breakerMoveBps ?? 0, 'breakerMoveBps', 0xffff),
    breakerWindowMs: integer(input.breakerWindowMs ?? 0, 'breakerWindowMs', 0xffffffff),
    haltMs: integer(input.haltMs ?? 0, 'haltMs', 0xffffffff),
    auctionMs: integer(input.auctionMs ?? 0, 'auctionMs', 0xffffffff),
    auctionRandomMs: integer(input.auctionRandomMs ?? 0, 'auctionRandomMs', 0xffffffff),
  }
}

function definedUnits(value: unknown, scale: number, field: string): bigint {
  return decimalUnits(value, scale, { field, tooFine: 'invalid_definition', tooLarge: 'invalid_definition' })
}

/** A fraction of at most 1 in parts per million; the engine knows the tighter bound. */
function feePpm(value: unknown, field: string): number {
  const ppm = decimalUnits(value, 6, { field, tooFine: 'invalid_definition', tooLarge: 'invalid_definition' })
  if (ppm > 1_000_000n) throw new Fault('invalid_definition', field, `${field} is a fraction such as 0.001, not ${String(value)}.`)
  return Number(ppm)
}

/** A fee, or with a leading minus a rebate. */
function makerPpm(value: unknown): number {
  if (typeof value !== 'string' || !value.startsWith('-')) return feePpm(value, 'makerFee')
  return -feePpm(value.slice(1), 'makerFee')
}

function price(value: unknown, target: MarketSpec, field: string): bigint {
  return decimalUnits(value, target.priceScale, { field, tooFine: 'price_not_multiple_of_tick_size', tooLarge: 'price_out_of_bounds' })
}

function quantity(value: unknown, target: MarketSpec, field: string): bigint {
  return decimalUnits(value, target.quantityScale, { field, tooFine: 'quantity_not_multiple_of_lot_size', tooLarge: 'quantity_above_maximum' })
}

function amount(value: unknown, scale: number, field: string): bigint {
  return decimalUnits(value, scale, { field, tooFine: 'amount_out_of_bounds', tooLarge: 'amount_out_of_bounds' })
}

function decimalUnits(value: unknown, scale: number, as: { field: string; tooFine: RejectCode; tooLarge: RejectCode }): bigint {
  const units = parseDecimal(value, scale)
  if (typeof units === 'bigint') return units
  if (units === 'not_a_decimal') throw new Fault('not_a_decimal', as.field, `${as.field}: "${String(value)}" is not a plain decimal such as 0.50.`)
  if (units === 'too_many_decimals') throw new Fault(as.tooFine, as.field, `${as.field}: ${String(value)} has more than ${scale} decimals.`)
  throw new Fault(as.tooLarge, as.field, `${as.field}: ${String(value)} is too large.`)
}

function asset(catalog: Catalog, code: string, field: string): { id: number; scale: number } {
  const spec = catalog.assetByCode(code)
  if (spec === undefined) throw new Fault('unknown_asset', field, `There is no asset "${code}".`)
  return spec
}

function market(catalog: Catalog, symbol: string): MarketSpec {
  const spec = catalog.marketBySymbol(symbol)
  if (spec === undefined) throw new Fault('unknown_market', 'market', `There is no market "${symbol}".`)
  return spec
}

function account(catalog: Catalog, name: string, field: string): number {
  const id = catalog.accountByName(name)
  if (id === undefined) throw new Fault('unknown_account', field, `There is no account "${name}".`)
  return id
}

function text(value: string, field: string): string {
  if (typeof value !== 'string' || !isFrameText(value)) {
    throw new Fault('malformed_text', field, `${field} must be 1 to 36 printable ASCII characters without spaces.`)
  }
  return value
}

function integer(value: number, field: string, maximum: number): number {
  if (!Number.isInteger(value) || value < 0 || value > maximum) {
    throw new Fault('invalid_definition', field, `${field} must be a whole number from 0 to ${maximum}, not ${String(value)}.`)
  }
  return value
}

function positive(value: number, field: string, maximum: number): number {
  if (!Number.isInteger(value) || value <= 0 || value > maximum) {
    throw new Fault('malformed_frame', field, `${field} must be a whole number from 1 to ${maximum}, not ${String(value)}.`)
  }
  return value
}

/** Microseconds of a time in milliseconds. */
function expiry(value: number): number {
  if (!Number.isInteger(value) || value <= 0 || !Number.isSafeInteger(value * 1000)) {
    throw new Fault('expiry_not_in_future', 'expiresAt', `expiresAt must be a time in whole milliseconds since 1970, not ${String(value)}.`)
  }
  return value * 1000
}

/** Whole milliseconds that a frame can carry; the engine knows the tighter bound. */
function timeout(value: number, field: string): number {
  if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
    throw new Fault('timeout_out_of_bounds', field, `${field} must be whole milliseconds, at most a day, not ${String(value)}.`)
  }
  return value
}

function member(words: readonly string[], value: string, field: string): number {
  const code = words.indexOf(value)
  if (code < 0) throw new Fault('malformed_frame', field, `${field} must be one of ${words.join(', ')}, not "${String(value)}".`)
  return code
}
