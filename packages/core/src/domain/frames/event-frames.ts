/**
 * The binary layout of every event; its offsets and the decoder are imported from here.
 *
 * The header (32 bytes) is described at {@link FrameBuffer}: sequence and timestamp are the command's,
 * `index` counts the events of one command from 0; `account`, `market`, `asset` below mean its fields.
 * Offsets are bytes from the frame's start. Readers that fold many events (market data, projections)
 * read the offsets and need not decode objects.
 *
 * | event | bytes | header | body |
 * |---|---|---|---|
 * | asset.defined | 72 | asset | 32 u8 scale, 36 text code |
 * | market.defined, market.updated | 192 | market, asset = base | 32 u16 quote, 34 u8 priceScale, 35 u8 quantityScale, 40 rules, 136 text symbol, 176 i64 baseUnit, 184 i64 notionalUnit |
 * | account.opened | 112 | account | 32 u8 kind, 33 u8 purpose, 36 text name, 72 text group, 108 u32 parent + 1 or 0 |
 * | order.accepted | 152 | account, market | order state, 144 i64 held |
 * | order.accepted with 46 u8 rested = 1 | 152 | account, market | the same; it stands for order.rested too, whose index is one higher |
 * | order.rested, order.triggered | 144 | account, market | order state |
 * | order.refreshed | 152 | account, market | order state, 144 i64 displayedQuantity |
 * | trade.executed | 200 | market | 32 f64 tradeId, 40 u8 takerSide, 41 u8 makerDone, 42 u8 takerDone, 48 i64 price, 56 i64 quantity, 64 i64 quoteAmount, 72 maker, 136 taker |
 * | trade.executed with special fees | 280 | market | the same, 43 u8 1, 200 special fees of the maker, 240 of the taker |
 * | order.cancelled | 160 | account, market | order state, 144 i64 cancelledQuantity, 152 i64 released |
 * | order.expired | 160 | account, market | as order.cancelled, without a reason |
 * | order.reduced | 160 | account, market | order state, 144 i64 reducedQuantity, 152 i64 released |
 * | order.amended | 168 | account, market | order state, 144 i64 oldPrice, 152 i64 oldLeavesQuantity, 160 i64 heldChange; 46 u8 rested is 1 where it left its level, 2 where it keeps its place there |
 * | transfer.posted | 88 | account = from, asset | 32 u32 to, 40 i64 amount, 48 text requestId |
 * | hold.placed, hold.released | 80 | account, asset | 32 i64 amount, 40 text holdId |
 * | hold.settled | 88 | account, asset | 32 i64 amount, 40 text holdId, 80 u32 to |
 * | command.rejected | 72 | account or none, market or none | 32 u8 code, 33 u8 command type, 36 text clientOrderId |
 * | fee-tier.defined, fee-rate.set, account.updated, order.fee-held | see `fee-frames.ts` | | |
 * | step.rejected | see `replace-frames.ts` | | |
 * | dead-man-switch.set | 40 | account, market or none | 32 f64 firesAtUs (0: disabled) |
 * | dead-man-switch.fired | 40 | account, market or none | 32 f64 dueAtUs |
 * | quotes.protected, quotes.frozen, quotes.unfrozen | see `quote-frames.ts` | | |
 * | command.repeated | 56 | account or none | 33 u8 command type, 40 f64 firstSequence, 48 f64 orderId |
 * | market.reference-set | 40 | market | 32 i64 referencePrice |
 * | market.state-changed | 48 | market | 32 u8 state, 33 u8 reason, 40 f64 untilUs (0: none) |
 * | auction.uncrossed | 56 | market | 32 i64 price, 40 i64 quantity, 48 i64 surplus |
 *
 * Order state, at 32: f64 orderId, 40 u8 side, 41 u8 orderType, 42 u8 timeInForce, 43 u8 selfTradePrevention,
 * 44 u8 postOnly, 45 u8 reason, 46 u8 rested, 47 u8 quote, 48 i64 price, 56 i64 quantity, 64 i64 quoteQuantity,
 * 72 i64 filledQuantity, 80 i64 leavesQuantity, 88 i64 filledQuote, 96 i64 fee, 104 text clientOrderId
 * (empty where the client gave none: then the order id in decimal is the clientOrderId).
 *
 * `order.accepted`, `order.triggered` and `order.amended` of an order with terms are longer by 64 bytes, which follow what the
 * table names: i64 stopPrice, 8 i64 displayQuantity, 16 f64 expiresAtUs, 24 i64 trailingOffset,
 * 32 u32 trailingBps, 40 i64 activationPrice, 48 i64 extreme, 56 f64 siblingOrderId.
 *
 * `trade.executed` of an auction has 1 in byte 44 and is longer by 16 bytes, at its end: i64 bidPrice, i64 askPrice,
 * the limits of the two orders.
 * `order.rested`, `order.cancelled`, `order.expired` and `order.reduced` of a resting iceberg are longer by 8 bytes:
 * i64 displayedQuantity follows what the table names; so does it in `order.amended` of one that keeps its place, before the terms.
 *
 * A party of a trade (maker at 72, taker at 136; 64 bytes): f64 orderId, 8 i64 fee, 16 i64 filledQuantity,
 * 24 i64 leavesQuantity, 32 i64 filledQuote, 40 i64 totalFee, 48 i64 released, 56 u32 account.
 * Special fees of a party: see `fee-frames.ts`.
 */

export * from '../decoding/decode-event.js'
export * from './event-layout.js'
