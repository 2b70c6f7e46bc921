/** Which orders make up the ladder that an account quotes in a market. */
import type { OrderIds } from '../matching/order-ids.js'

/**
 * Ids of the orders that the last `quote.place` of a seat left in the book, by the row of the seat.
 *
 * An id of an order that is gone stays until the next ladder: it is found no more, and ids are never used
 * again. So filling or cancelling a quote costs nothing here, and a ladder is never longer than one command made it.
 */
export class QuoteLadders {
  private readonly bySeat = new Map<number, number[]>()

  constructor(private readonly ids: OrderIds) {}

  /** Rows of the quotes that rest, oldest first. */
  standing(seat: number): number[] {
    const rows: number[] = []
    for (const orderId of this.bySeat.get(seat) ?? []) {
      const row = this.ids.find(orderId)
      if (row !== 0) rows.push(row)
    }
    return rows
  }

  /** Adds an order to a ladder. */
  add(seat: number, orderId: number): void {
    const ladder = this.bySeat.get(seat)
    if (ladder === undefined) this.bySeat.set(seat, [orderId])
    else ladder.push(orderId)
  }

  /** Sets the ladder of a seat: the ids of its quotes, oldest first. */
  replace(seat: number, orderIds: number[]): void {
    this.bySeat.set(seat, orderIds)
  }
}
