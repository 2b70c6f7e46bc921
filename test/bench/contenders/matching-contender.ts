/** Runs the reference workload through the matching of core by itself: books, the taker's walk and ids, no accounts, no money. */
import { createOrderBook } from '@bourse/core'
import type { Contender } from '../measure.js'
import { CANCEL, FillChecksum, type Workload } from '../streams/reference-workload.js'

export class MatchingContender implements Contender {
  readonly name = 'matching'
  private book = createOrderBook()

  constructor(private readonly workload: Workload) {}

  get operations(): number {
    return this.workload.count
  }

  prepare(): void {
    this.book = createOrderBook()
  }

  run(): void {
    const { book, workload } = this
    const { kind, order, side, price, quantity, count } = workload
    for (let at = 0; at < count; at++) {
      if (kind[at] === CANCEL) book.cancel(order[at]!)
      else book.place(order[at]!, side[at]!, price[at]!, quantity[at]!)
    }
  }

  /** The fills of a run of its own. */
  fills(): FillChecksum {
    this.prepare()
    const checksum = new FillChecksum()
    const { book, workload } = this
    for (let at = 0; at < workload.count; at++) {
      const taker = workload.order[at]!
      if (workload.kind[at] === CANCEL) {
        book.cancel(taker)
        continue
      }
      book.place(taker, workload.side[at]!, workload.price[at]!, workload.quantity[at]!)
      for (let fill = 0; fill < book.fills.count; fill++) checksum.add(taker, book.fills.makerId(fill), book.fills.price(fill), book.fills.quantity(fill))
    }
    return checksum
  }
}
