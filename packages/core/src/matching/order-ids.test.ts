import { expect } from 'chai'
import { RowMemory } from '../values/row-memory.js'
import { OrderIds } from './order-ids.js'
import { ORDER_ID, ORDER_WORDS } from './order-layout.js'

/** A table, and what makes rows of orders for it. */
function table(): { ids: OrderIds; row: (orderId: number) => number } {
  const memory = new RowMemory(65_536)
  return {
    ids: new OrderIds(memory),
    row: (orderId) => {
      const row = memory.take(ORDER_WORDS)
      memory.f64[row + ORDER_ID] = orderId
      return row
    },
  }
}

describe('Order ids', () => {
  it('lead to their rows, also where several share a place, until they are taken out', () => {
    const { ids, row } = table()
    // They differ by multiples of the table's size, so that all of them are chained.
    const rows = new Map([5, 5 + 64, 5 + 128, 5 + 192].map((id) => [id, row(id)]))
    for (const each of rows.values()) ids.insert(each)
    for (const [id, each] of rows) expect(ids.find(id)).to.equal(each)
    expect(ids.find(5 + 256)).to.equal(0)
    expect(ids.head(5)).to.equal(rows.get(5 + 192))
    for (const gone of [5 + 64, 5 + 192, 5, 5 + 128]) {
      ids.remove(rows.get(gone)!)
      rows.delete(gone)
      expect(ids.find(gone)).to.equal(0)
      for (const [id, each] of rows) expect(ids.find(id)).to.equal(each)
    }
    expect(ids.head(5)).to.equal(0)
  })

  it('keep their rows while the table grows, and spread over it', () => {
    const { ids, row } = table()
    const rows = Array.from({ length: 1_000 }, (_, index) => row(index + 1))
    for (const each of rows) ids.insert(each)
    for (const [index, each] of rows.entries()) expect(ids.find(index + 1)).to.equal(each)
    // Neighbouring ids stand at places of their own.
    for (const [index, each] of rows.entries()) expect(ids.head(index + 1)).to.equal(each)
  })

  it('leave the table as it is where as many go as come', () => {
    const { ids, row } = table()
    for (let id = 1; id <= 500; id++) {
      const each = row(id)
      ids.insert(each)
      ids.remove(each)
    }
    const [one, other] = [row(1), row(1 + 64)]
    ids.insert(one)
    ids.insert(other)
    expect(ids.head(1), 'the table has 64 places still').to.equal(other)
  })

  it('say which order is not there to be taken out', () => {
    const { ids, row } = table()
    expect(() => ids.remove(row(7))).to.throw('Order 7 is not among those that rest.')
    ids.insert(row(7 + 64))
    ids.insert(row(7 + 128))
    expect(() => ids.remove(row(7))).to.throw('Order 7 is not among those that rest.')
  })
})
