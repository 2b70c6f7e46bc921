/**
 * Runs the reference workload through `hft-limit-order-book`: matching only, no accounts, no money.
 *
 * Apart from the contender of the other peer, although it reads the same: one class for both would have the
 * compiler meet two kinds of book at each call, and slow both peers down.
 */
import { OrderBook, Side } from 'hft-limit-order-book'
import type { Contender } from '../measure.js'
import { CANCEL, FillChecksum, type Workload } from '../streams/reference-workload.js'

export class HftContender implements Contender {
  readonly name = 'hft-limit-order-book'
  private book = new OrderBook()
  /** Its ids are strings; made beforehand, so that making them is not measured. */
  private readonly ids: string[]

  constructor(private readonly workload: Workload) {
    this.ids = Array.from({ length: workload.count + 1 }, (_, order) => String(order))
  }

  get operations(): number {
    return this.workload.count
  }

  prepare(): void {
    this.book = new OrderBook()
  }

  run(): void {
    for (let at = 0; at < this.workload.count; at++) this.step(at)
  }

  /** The fills of a run of its own, as its answers tell them: makers filled in full, then at most one in part. */
  fills(): FillChecksum {
    this.prepare()
    const checksum = new FillChecksum()
    for (let at = 0; at < this.workload.count; at++) {
      const taker = this.workload.order[at]!
      const answer = this.step(at)
      if (answer === undefined) continue
      for (const done of answer.done) if (done.id !== this.ids[taker] && 'price' in done) checksum.add(taker, Number(done.id), Number(done.price), done.size)
      const { partial } = answer
      if (partial !== null && partial.id !== this.ids[taker] && 'price' in partial) checksum.add(taker, Number(partial.id), Number(partial.price), answer.partialQuantityProcessed)
    }
    return checksum
  }

  private step(at: number) {
    const { workload, book, ids } = this
    const id = ids[workload.order[at]!]!
    if (workload.kind[at] === CANCEL) {
      book.cancel(id)
      return undefined
    }
    return book.limit({
      id,
      side: workload.side[at] === 0 ? Side.BUY : Side.SELL,
      size: workload.quantity[at]!,
      price: workload.price[at]!,
    })
  }
}
