/**
 * The binary layout of every command. The writers, which take numbers of the catalog, stand in a file for each subject,
 * and are imported from here.
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
 * | order.amend | 120 | account, market | as order.cancel, 76 u8 flags, 80 i64 price, 88 i64 quantity, 96 i64 stopPrice, 104 i64 displayQuantity, 112 f64 expiresAtUs |
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
import type { FrameBuffer } from '../../values/frames.js'
import { appendCommand } from '../encoding/append-command.js'
import { CONTINUE } from './command-bytes.js'

export * from './account-frames.js'
export * from './command-bytes.js'
export * from './ledger-frames.js'
export * from './market-frames.js'
export * from './order-frames.js'

/** Only the writer issues it, while the engine reports a backlog or something is due. */
export function writeContinue(frames: FrameBuffer): number {
  return appendCommand(frames, CONTINUE)
}
