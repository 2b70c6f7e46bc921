/**
 * The binary layout of every command, and writers that take numbers of the catalog.
 *
 * The header (32 bytes) is described at {@link FrameBuffer}; `account`, `market` and `asset` below mean
 * its fields. Texts are 36 bytes of printable ASCII padded with zeros. Amounts are int64.
 *
 * | command | bytes | header | body |
 * |---|---|---|---|
 * | asset.define | 72 | | 32 u8 scale, 36 text code |
 * | market.define | 184 | asset = base | 32 u16 quote, 34 u8 priceScale, 35 u8 quantityScale, 40 rules, 136 text symbol, 176 i64 referencePrice (0: none) |
 * | market.update | 136 | market | 40 rules |
 * | account.open | 112 | | 32 u8 kind, 33 u8 purpose, 36 text name, 72 text group (empty: the parent's or the name), 108 u32 parent + 1 or 0 |
 * | order.place | 96 | account, market | 32 u8 side, 33 u8 orderType, 34 u8 timeInForce, 35 u8 selfTradePrevention, 36 u8 flags, 40 i64 price, 48 i64 quantity (or quote amount), 56 text clientOrderId |
 * | order.cancel | 80 | account, market | 32 f64 orderId (0: by text), 40 text clientOrderId |
 * | order.reduce | 88 | account, market | as order.cancel, 80 i64 leavesQuantity |
 * | order.amend | 96 | account, market | as order.cancel, 76 u8 flags, 80 i64 price, 88 i64 quantity |
 * | order.cancel-all | 32 | account, market or none | |
 * | order.cancel-all-after | 40 | account, market or none | 32 u32 timeoutMs |
 * | ledger.transfer | 88 | account = from, asset | 32 u32 to, 36 u8 1: within a family, 40 i64 amount, 48 text requestId |
 * | ledger.hold | 80 | account, asset | 32 i64 amount, 40 text holdId |
 * | ledger.settle | 72 | account = to | 32 text holdId |
 * | ledger.release | 72 | | 32 text holdId |
 * | continue | 32 | | |
 * | fees.define-tier, fees.set-rate, account.update | see `fee-frames.ts` | | |
 * | order.cancel-replace | see `replace-frames.ts` | | |
 * | order.place-special | 160 | account, market | as order.place, 96 f64 expiresAtUs, 104 i64 stopPrice, 112 i64 displayQuantity, 120 i64 trailingOffset, 128 u32 trailingBps, 132 u32 more flags, 136 i64 activationPrice, 144 and 152 zero |
 * | quote.place | 40 + 16 an entry | account, market | 32 u16 count of bids, 34 u16 count of asks, 36 u8 selfTradePrevention, 37 u8 flags, 40 entries: the bids, then the asks, each i64 price, i64 quantity |
 * | market.set-reference | 40 | market | 32 i64 referencePrice |
 * | quote.protect, quote.reset-protection | see `quote-frames.ts` | | |
 * | market.auction | 40 | market | 32 f64 endsAtUs |
 * | order.place-oco, order.place-bracket | see `linked-frames.ts` | | |
 *
 * Rules, at 40: u8 state, 41 u8 allowSelfTrade, 42 u16 marketBandBps, 44 i32 makerFeePpm, 48 i32 takerFeePpm,
 * 52 u32 maxOpenOrders, 56 i64 tickSize, 64 i64 lotSize, 72 i64 minQuantity, 80 i64 maxQuantity,
 * 88 i64 maxPrice, 96 i64 minNotional, 104 i64 maxNotional (0: none), 112 u16 priceBandBps (0: none),
 * 114 u16 breakerMoveBps (0: none), 116 u32 breakerWindowMs, 120 u32 haltMs, 124 u32 auctionMs, 128 u32 auctionRandomMs, 132 spare.
 */
import { FRAME_HEADER_BYTES, NONE_16, type FrameBuffer } from '../values/frames.js'

/** Type bytes of the commands: places in `COMMAND_TYPES`. */
export const ASSET_DEFINE = 1
export const MARKET_DEFINE = 2
export const MARKET_UPDATE = 3
export const ACCOUNT_OPEN = 4
export const ORDER_PLACE = 5
export const ORDER_CANCEL = 6
export const ORDER_REDUCE = 7
export const ORDER_AMEND = 8
export const ORDER_CANCEL_ALL = 9
export const LEDGER_TRANSFER = 10
export const LEDGER_HOLD = 11
export const LEDGER_SETTLE = 12
export const LEDGER_RELEASE = 13
export const CONTINUE = 14
export const FEES_DEFINE_TIER = 15
export const ACCOUNT_UPDATE = 16
export const ORDER_PLACE_SPECIAL = 17
export const ORDER_CANCEL_ALL_AFTER = 18
export const QUOTE_PLACE = 19
export const MARKET_SET_REFERENCE = 20
export const QUOTE_PROTECT = 21
export const QUOTE_RESET_PROTECTION = 22
export const ORDER_CANCEL_REPLACE = 23
export const MARKET_AUCTION = 24
export const FEES_SET_RATE = 25
export const ORDER_PLACE_OCO = 26
export const ORDER_PLACE_BRACKET = 27

/** Bytes of a frame by its type byte. */
export const COMMAND_BYTES: readonly number[] = [
  ...[0, 72, 184, 136, 112, 96, 80, 88, 96, 32, 88, 80, 72, 72, 32],
  // fees.define-tier, account.update
  ...[48, 48],
  // order.place-special
  160,
  // order.cancel-all-after
  40,
  // quote.place, without its entries
  40,
  // market.set-reference
  40,
  // quote.protect, quote.reset-protection
  ...[56, 32],
  // order.cancel-replace
  208,
  // market.auction
  40,
  // fees.set-rate
  56,
  // order.place-oco
  176,
  // order.place-bracket
  232,
]

/** Most entries of one `quote.place`, bids and asks together, and the bytes of each. */
export const MAX_QUOTE_ENTRIES = 100
export const QUOTE_ENTRY_BYTES = 16

/** How many entries a `quote.place` of so many bytes has. */
export function quoteEntries(size: number): number {
  return (size - COMMAND_BYTES[QUOTE_PLACE]!) / QUOTE_ENTRY_BYTES
}

/** Whether a frame of this type may have this size: one size for each type, but for `quote.place` by its count of entries. */
export function isCommandSize(type: number, size: number): boolean {
  if (type !== QUOTE_PLACE) return type !== 0 && size === COMMAND_BYTES[type]
  const entries = quoteEntries(size)
  return Number.isInteger(entries) && entries >= 0 && entries <= MAX_QUOTE_ENTRIES
}

/** Flags of `order.place`. */
export const PLACE_POST_ONLY = 1
export const PLACE_IDEMPOTENT = 2
export const PLACE_BY_QUOTE = 4
export const PLACE_HAS_PRICE = 8
/** Further flags of `order.place-special`: a post-only order that would trade goes one tick away from the opposite best instead. */
export const PLACE_2_SLIDE = 1
/** Flags of `order.amend`. */
export const AMEND_PRICE = 1
export const AMEND_QUANTITY = 2

/** Byte offsets inside the frames, from the frame's first byte. */
export const PLACE_SIDE = 32
export const PLACE_ORDER_TYPE = 33
export const PLACE_TIME_IN_FORCE = 34
export const PLACE_SELF_TRADE_PREVENTION = 35
export const PLACE_FLAGS = 36
export const PLACE_PRICE = 40
export const PLACE_QUANTITY = 48
export const PLACE_CLIENT_ORDER_ID = 56
/** The terms of `order.place-special`: zero where the order has none of the kind. */
export const PLACE_EXPIRES_AT = 96
export const PLACE_STOP_PRICE = 104
export const PLACE_DISPLAY_QUANTITY = 112
export const PLACE_TRAILING_OFFSET = 120
export const PLACE_TRAILING_BPS = 128
export const PLACE_FLAGS_2 = 132
export const PLACE_ACTIVATION_PRICE = 136
export const PLACE_SPARE = 144
export const REFERENCE_ORDER_ID = 32
export const REFERENCE_CLIENT_ORDER_ID = 40
export const REDUCE_LEAVES = 80
export const AMEND_FLAGS = 76
export const AMEND_NEW_PRICE = 80
export const AMEND_NEW_QUANTITY = 88
export const AFTER_TIMEOUT_MS = 32
export const TRANSFER_TO = 32
export const TRANSFER_WITHIN = 36
export const TRANSFER_AMOUNT = 40
export const TRANSFER_REQUEST_ID = 48
export const HOLD_AMOUNT = 32
export const HOLD_ID = 40
export const HOLD_END_ID = 32
export const ASSET_SCALE = 32
export const ASSET_CODE = 36
export const MARKET_QUOTE = 32
export const MARKET_PRICE_SCALE = 34
export const MARKET_QUANTITY_SCALE = 35
export const MARKET_SYMBOL = 136
export const MARKET_REFERENCE_PRICE = 176
export const SET_REFERENCE_PRICE = 32
export const AUCTION_ENDS_AT = 32
export const RULES = 40
export const ACCOUNT_KIND = 32
export const ACCOUNT_PURPOSE = 33
export const ACCOUNT_NAME = 36
export const ACCOUNT_GROUP = 72
export const ACCOUNT_PARENT = 108

/** The rules of a market in numbers of the frame: enum and flag bytes, units as integers. */
export interface RulesFields {
  state: number
  allowSelfTrade: boolean
  marketBandBps: number
  makerFeePpm: number
  takerFeePpm: number
  maxOpenOrders: number
  tickSize: bigint
  lotSize: bigint
  minQuantity: bigint
  maxQuantity: bigint
  maxPrice: bigint
  minNotional: bigint
  maxNotional: bigint
  priceBandBps: number
  breakerMoveBps: number
  breakerWindowMs: number
  haltMs: number
  auctionMs: number
  auctionRandomMs: number
}

/** Rules that a market may do without: absent they are 0. */
type OptionalRules = 'maxNotional' | 'priceBandBps' | 'breakerMoveBps' | 'breakerWindowMs' | 'haltMs' | 'auctionMs' | 'auctionRandomMs'
/** Rules as a writer gives them. */
export type RulesInput = Omit<RulesFields, OptionalRules> & Partial<Pick<RulesFields, OptionalRules>>

/** Writes the 96 bytes of market rules at `at`: the same in commands and in events. */
export function writeRules(frames: FrameBuffer, at: number, rules: RulesInput): void {
  frames.u8[at] = rules.state
  frames.u8[at + 1] = rules.allowSelfTrade ? 1 : 0
  frames.u16[(at + 2) >> 1] = rules.marketBandBps
  frames.u32[(at + 4) >> 2] = rules.makerFeePpm
  frames.u32[(at + 8) >> 2] = rules.takerFeePpm
  frames.u32[(at + 12) >> 2] = rules.maxOpenOrders
  const word = (at + 16) >> 3
  frames.i64[word] = rules.tickSize
  frames.i64[word + 1] = rules.lotSize
  frames.i64[word + 2] = rules.minQuantity
  frames.i64[word + 3] = rules.maxQuantity
  frames.i64[word + 4] = rules.maxPrice
  frames.i64[word + 5] = rules.minNotional
  frames.i64[word + 6] = rules.maxNotional ?? 0n
  frames.u16[(at + 72) >> 1] = rules.priceBandBps ?? 0
  frames.u16[(at + 74) >> 1] = rules.breakerMoveBps ?? 0
  frames.u32[(at + 76) >> 2] = rules.breakerWindowMs ?? 0
  frames.u32[(at + 80) >> 2] = rules.haltMs ?? 0
  frames.u32[(at + 84) >> 2] = rules.auctionMs ?? 0
  frames.u32[(at + 88) >> 2] = rules.auctionRandomMs ?? 0
}

/** Reads what {@link writeRules} wrote. */
export function readRules(frames: FrameBuffer, at: number): RulesFields {
  const word = (at + 16) >> 3
  return {
    state: frames.u8[at]!,
    allowSelfTrade: frames.u8[at + 1] === 1,
    marketBandBps: frames.u16[(at + 2) >> 1]!,
    makerFeePpm: frames.u32[(at + 4) >> 2]! | 0,
    takerFeePpm: frames.u32[(at + 8) >> 2]! | 0,
    maxOpenOrders: frames.u32[(at + 12) >> 2]!,
    tickSize: frames.i64[word]!,
    lotSize: frames.i64[word + 1]!,
    minQuantity: frames.i64[word + 2]!,
    maxQuantity: frames.i64[word + 3]!,
    maxPrice: frames.i64[word + 4]!,
    minNotional: frames.i64[word + 5]!,
    maxNotional: frames.i64[word + 6]!,
    priceBandBps: frames.u16[(at + 72) >> 1]!,
    breakerMoveBps: frames.u16[(at + 74) >> 1]!,
    breakerWindowMs: frames.u32[(at + 76) >> 2]!,
    haltMs: frames.u32[(at + 80) >> 2]!,
    auctionMs: frames.u32[(at + 84) >> 2]!,
    auctionRandomMs: frames.u32[(at + 88) >> 2]!,
  }
}

export function writeAssetDefine(frames: FrameBuffer, asset: { code: string; scale: number }): number {
  const offset = append(frames, ASSET_DEFINE)
  frames.u8[offset + ASSET_SCALE] = asset.scale
  frames.setText(offset + ASSET_CODE, asset.code)
  return offset
}

export function writeMarketDefine(
  frames: FrameBuffer,
  market: { symbol: string; base: number; quote: number; priceScale: number; quantityScale: number; rules: RulesInput; referencePrice?: bigint },
): number {
  const offset = append(frames, MARKET_DEFINE)
  frames.u16[(offset + 26) >> 1] = market.base
  frames.u16[(offset + MARKET_QUOTE) >> 1] = market.quote
  frames.u8[offset + MARKET_PRICE_SCALE] = market.priceScale
  frames.u8[offset + MARKET_QUANTITY_SCALE] = market.quantityScale
  writeRules(frames, offset + RULES, market.rules)
  frames.setText(offset + MARKET_SYMBOL, market.symbol)
  frames.i64[(offset + MARKET_REFERENCE_PRICE) >> 3] = market.referencePrice ?? 0n
  return offset
}

export function writeMarketUpdate(frames: FrameBuffer, update: { market: number; rules: RulesInput }): number {
  const offset = append(frames, MARKET_UPDATE)
  frames.u16[(offset + 24) >> 1] = update.market
  writeRules(frames, offset + RULES, update.rules)
  return offset
}

export function writeAccountOpen(frames: FrameBuffer, account: { name: string; kind: number; group: string; purpose?: number; parent?: number }): number {
  const offset = append(frames, ACCOUNT_OPEN)
  frames.u8[offset + ACCOUNT_KIND] = account.kind
  frames.setText(offset + ACCOUNT_NAME, account.name)
  frames.setText(offset + ACCOUNT_GROUP, account.group)
  frames.u8[offset + ACCOUNT_PURPOSE] = account.purpose ?? 0
  frames.u32[(offset + ACCOUNT_PARENT) >> 2] = (account.parent ?? -1) + 1
  return offset
}

export interface OrderPlaceFields {
  account: number
  market: number
  /** Places in `SIDES`, `ORDER_TYPES`, `TIMES_IN_FORCE`, `SELF_TRADE_PREVENTIONS`. */
  side: number
  orderType: number
  timeInForce: number
  selfTradePrevention: number
  /** Sum of the `PLACE_` flags; a limit order sets `PLACE_HAS_PRICE`. */
  flags: number
  /** Price units; 0 where there is none. */
  price: bigint
  /** Quantity units, or with `PLACE_BY_QUOTE` quote units. */
  quantity: bigint
  /** Empty: the engine uses the order id. */
  clientOrderId: string
}

export function writeOrderPlace(frames: FrameBuffer, order: OrderPlaceFields): number {
  return writePlaceFields(frames, append(frames, ORDER_PLACE), order)
}

/** What a special order has beyond a plain one; absent is 0. Prices in price units, quantities in quantity units. */
export interface OrderTermsFields {
  expiresAtUs: number
  stopPrice: bigint
  displayQuantity: bigint
  trailingOffset: bigint
  trailingBps: number
  activationPrice: bigint
  /** Sum of the `PLACE_2_` flags. */
  flags2: number
}

export function writeOrderPlaceSpecial(frames: FrameBuffer, order: OrderPlaceFields & OrderTermsFields): number {
  return writeSpecialFields(frames, append(frames, ORDER_PLACE_SPECIAL), order)
}

/** Writes the whole of a special order into a frame that begins like `order.place-special`. */
export function writeSpecialFields(frames: FrameBuffer, offset: number, order: OrderPlaceFields & OrderTermsFields): number {
  writePlaceFields(frames, offset, order)
  frames.f64[(offset + PLACE_EXPIRES_AT) >> 3] = order.expiresAtUs
  frames.i64[(offset + PLACE_STOP_PRICE) >> 3] = order.stopPrice
  frames.i64[(offset + PLACE_DISPLAY_QUANTITY) >> 3] = order.displayQuantity
  frames.i64[(offset + PLACE_TRAILING_OFFSET) >> 3] = order.trailingOffset
  frames.u32[(offset + PLACE_TRAILING_BPS) >> 2] = order.trailingBps
  frames.u32[(offset + PLACE_FLAGS_2) >> 2] = order.flags2
  frames.i64[(offset + PLACE_ACTIVATION_PRICE) >> 3] = order.activationPrice
  return offset
}

/** Writes what every kind of order that is placed has from byte 4 to 96. */
export function writePlaceFields(frames: FrameBuffer, offset: number, order: OrderPlaceFields): number {
  frames.u32[(offset + 4) >> 2] = order.account
  frames.u16[(offset + 24) >> 1] = order.market
  frames.u8[offset + PLACE_SIDE] = order.side
  frames.u8[offset + PLACE_ORDER_TYPE] = order.orderType
  frames.u8[offset + PLACE_TIME_IN_FORCE] = order.timeInForce
  frames.u8[offset + PLACE_SELF_TRADE_PREVENTION] = order.selfTradePrevention
  frames.u8[offset + PLACE_FLAGS] = order.flags
  frames.i64[(offset + PLACE_PRICE) >> 3] = order.price
  frames.i64[(offset + PLACE_QUANTITY) >> 3] = order.quantity
  frames.setText(offset + PLACE_CLIENT_ORDER_ID, order.clientOrderId)
  return offset
}

/** An order of the account: by number, or with `orderId` 0 by its client order id. */
export interface OrderReferenceFields {
  account: number
  market: number
  orderId: number
  clientOrderId: string
}

export function writeOrderCancel(frames: FrameBuffer, order: OrderReferenceFields): number {
  return appendReference(frames, ORDER_CANCEL, order)
}

export function writeOrderReduce(frames: FrameBuffer, order: OrderReferenceFields & { leavesQuantity: bigint }): number {
  const offset = appendReference(frames, ORDER_REDUCE, order)
  frames.i64[(offset + REDUCE_LEAVES) >> 3] = order.leavesQuantity
  return offset
}

/** `price` or `quantity` undefined: stays as it is. */
export function writeOrderAmend(
  frames: FrameBuffer,
  order: OrderReferenceFields & { price: bigint | undefined; quantity: bigint | undefined },
): number {
  const offset = appendReference(frames, ORDER_AMEND, order)
  frames.u8[offset + AMEND_FLAGS] = (order.price === undefined ? 0 : AMEND_PRICE) | (order.quantity === undefined ? 0 : AMEND_QUANTITY)
  frames.i64[(offset + AMEND_NEW_PRICE) >> 3] = order.price ?? 0n
  frames.i64[(offset + AMEND_NEW_QUANTITY) >> 3] = order.quantity ?? 0n
  return offset
}

/** Without a market: in all markets. */
export function writeOrderCancelAll(frames: FrameBuffer, account: number, market: number = NONE_16): number {
  const offset = append(frames, ORDER_CANCEL_ALL)
  frames.u32[(offset + 4) >> 2] = account
  frames.u16[(offset + 24) >> 1] = market
  return offset
}

/** Without a market: for all markets. `timeoutMs` 0 disables. */
export function writeOrderCancelAllAfter(frames: FrameBuffer, order: { account: number; market?: number; timeoutMs: number }): number {
  const offset = append(frames, ORDER_CANCEL_ALL_AFTER)
  frames.u32[(offset + 4) >> 2] = order.account
  frames.u16[(offset + 24) >> 1] = order.market ?? NONE_16
  frames.u32[(offset + AFTER_TIMEOUT_MS) >> 2] = order.timeoutMs
  return offset
}

export function writeLedgerTransfer(
  frames: FrameBuffer,
  transfer: { requestId: string; from: number; to: number; asset: number; amount: bigint; withinFamily?: boolean },
): number {
  const offset = append(frames, LEDGER_TRANSFER)
  frames.u32[(offset + 4) >> 2] = transfer.from
  frames.u16[(offset + 26) >> 1] = transfer.asset
  frames.u32[(offset + TRANSFER_TO) >> 2] = transfer.to
  frames.i64[(offset + TRANSFER_AMOUNT) >> 3] = transfer.amount
  frames.u8[offset + TRANSFER_WITHIN] = transfer.withinFamily === true ? 1 : 0
  frames.setText(offset + TRANSFER_REQUEST_ID, transfer.requestId)
  return offset
}

export function writeLedgerHold(frames: FrameBuffer, hold: { holdId: string; account: number; asset: number; amount: bigint }): number {
  const offset = append(frames, LEDGER_HOLD)
  frames.u32[(offset + 4) >> 2] = hold.account
  frames.u16[(offset + 26) >> 1] = hold.asset
  frames.i64[(offset + HOLD_AMOUNT) >> 3] = hold.amount
  frames.setText(offset + HOLD_ID, hold.holdId)
  return offset
}

export function writeLedgerSettle(frames: FrameBuffer, holdId: string, to: number): number {
  const offset = append(frames, LEDGER_SETTLE)
  frames.u32[(offset + 4) >> 2] = to
  frames.setText(offset + HOLD_END_ID, holdId)
  return offset
}

export function writeLedgerRelease(frames: FrameBuffer, holdId: string): number {
  const offset = append(frames, LEDGER_RELEASE)
  frames.setText(offset + HOLD_END_ID, holdId)
  return offset
}

/** Only the writer issues it, while the engine reports a backlog or something is due. */
export function writeContinue(frames: FrameBuffer): number {
  return append(frames, CONTINUE)
}

/** `referencePrice` in price units. */
export function writeMarketSetReference(frames: FrameBuffer, market: number, referencePrice: bigint): number {
  const offset = append(frames, MARKET_SET_REFERENCE)
  frames.u16[(offset + 24) >> 1] = market
  frames.i64[(offset + SET_REFERENCE_PRICE) >> 3] = referencePrice
  return offset
}

export function writeMarketAuction(frames: FrameBuffer, market: number, endsAtUs: number): number {
  const offset = append(frames, MARKET_AUCTION)
  frames.u16[(offset + 24) >> 1] = market
  frames.f64[(offset + AUCTION_ENDS_AT) >> 3] = endsAtUs
  return offset
}

function append(frames: FrameBuffer, type: number): number {
  return frames.append(COMMAND_BYTES[type] ?? FRAME_HEADER_BYTES, type)
}

function appendReference(frames: FrameBuffer, type: number, order: OrderReferenceFields): number {
  const offset = append(frames, type)
  frames.u32[(offset + 4) >> 2] = order.account
  frames.u16[(offset + 24) >> 1] = order.market
  frames.f64[(offset + REFERENCE_ORDER_ID) >> 3] = order.orderId
  frames.setText(offset + REFERENCE_CLIENT_ORDER_ID, order.clientOrderId)
  return offset
}
