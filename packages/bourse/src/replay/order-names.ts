/** The file's id of every live order, by the number that the engine gave it. */
import { ORDER_ACCEPTED, ORDER_CANCELLED, ORDER_EXPIRED, PARTY_ORDER_ID, STATE_CLIENT_ORDER_ID, STATE_ORDER_ID, TRADE_EXECUTED, TRADE_MAKER, TRADE_MAKER_DONE, TRADE_TAKER, TRADE_TAKER_DONE, type FrameBuffer } from '@bourse/core'

export class OrderNames {
  private readonly names = new Map<number, string>()

  /** Learns from an event; call {@link OrderNames.forget} with the same event when it has been told. */
  learn(events: FrameBuffer, offset: number): void {
    if (events.type(offset) === ORDER_ACCEPTED) this.names.set(events.f64[(offset + STATE_ORDER_ID) >> 3]!, events.text(offset + STATE_CLIENT_ORDER_ID))
  }

  forget(events: FrameBuffer, offset: number): void {
    const type = events.type(offset)
    if (type === ORDER_CANCELLED || type === ORDER_EXPIRED) this.names.delete(events.f64[(offset + STATE_ORDER_ID) >> 3]!)
    if (type !== TRADE_EXECUTED) return
    if (events.u8[offset + TRADE_MAKER_DONE] === 1) this.names.delete(partyOrder(events, offset + TRADE_MAKER))
    if (events.u8[offset + TRADE_TAKER_DONE] === 1) this.names.delete(partyOrder(events, offset + TRADE_TAKER))
  }

  maker(events: FrameBuffer, offset: number): string {
    return this.name(partyOrder(events, offset + TRADE_MAKER))
  }

  taker(events: FrameBuffer, offset: number): string {
    return this.name(partyOrder(events, offset + TRADE_TAKER))
  }

  private name(orderId: number): string {
    const name = this.names.get(orderId)
    if (name === undefined) throw new RangeError(`Order ${orderId} traded and was never accepted.`)
    return name
  }
}

function partyOrder(events: FrameBuffer, at: number): number {
  return events.f64[(at + PARTY_ORDER_ID) >> 3]!
}
