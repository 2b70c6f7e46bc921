/** Reads the trades out of event frames, to compare what was filled. */
import { PARTY_ORDER_ID, TRADE_EXECUTED, TRADE_MAKER, TRADE_PRICE, TRADE_QUANTITY, TRADE_TAKER, type FrameBuffer } from '@bourse/core'
import type { FillChecksum } from '../streams/reference-workload.js'

export function addTrades(events: FrameBuffer, checksum: FillChecksum): void {
  for (let offset = 0; offset < events.length; offset += events.size(offset)) {
    if (events.type(offset) !== TRADE_EXECUTED) continue
    checksum.add(
      events.f64[(offset + TRADE_TAKER + PARTY_ORDER_ID) >> 3]!,
      events.f64[(offset + TRADE_MAKER + PARTY_ORDER_ID) >> 3]!,
      Number(events.i64[(offset + TRADE_PRICE) >> 3]!),
      Number(events.i64[(offset + TRADE_QUANTITY) >> 3]!),
    )
  }
}
