import { expect } from 'chai'
import fc from 'fast-check'
import { compareDecimals, createOrderBook, followOrderBook, type BookLevel, type DepthSource, type LocalOrderBook } from './local-order-book.js'
import type { Depth, DepthUpdate } from './schemas/index.js'
import type { StreamListener } from './trading-client.js'

const market = 'BTC-USDT'
const depth = (sequence: number, bids: [string, string][], asks: [string, string][]): Depth => ({ market, sequence, timestampMs: 0, bids, asks })
const update = (previousSequence: number, sequence: number, bids: [string, string][], asks: [string, string][] = []): DepthUpdate => ({ ...depth(sequence, bids, asks), previousSequence })

describe('the local order book', () => {
  it('compares prices by value, whatever their length', () => {
    const prices = ['0.01', '9.99', '10.00', '100.00', '99999999999999999999.01', '99999999999999999999.02']
    expect([...prices].reverse().sort(compareDecimals)).to.deep.equal(prices)
  })

  it('is not ready before a snapshot', () => {
    const book = createOrderBook()
    expect(book.ready).to.equal(false)
    expect(book.update(update(0, 1, []))).to.equal('gap')
  })

  it('keeps levels best first, replaces and removes them', () => {
    const book = createOrderBook()
    book.reset(depth(5, [['9.00', '1.0'], ['8.00', '2.0']], [['10.00', '1.0'], ['11.00', '2.0']]))
    expect(book.update(update(5, 7, [['9.00', '0'], ['8.50', '3.0'], ['8.00', '4.0']], [['10.50', '1.0'], ['12.00', '0']]))).to.equal('applied')
    expect(book.bids()).to.deep.equal([['8.50', '3.0'], ['8.00', '4.0']])
    expect(book.asks()).to.deep.equal([['10.00', '1.0'], ['10.50', '1.0'], ['11.00', '2.0']])
    expect(book.asks(1)).to.deep.equal([['10.00', '1.0']])
    expect(book.sequence).to.equal(7)
  })

  it('leaves out what its snapshot contains already', () => {
    const book = createOrderBook()
    book.reset(depth(5, [['9.00', '1.0']], []))
    expect(book.update(update(3, 5, [['9.00', '0']]))).to.equal('stale')
    expect(book.bids()).to.deep.equal([['9.00', '1.0']])
  })

  it('notices a gap and waits for a new snapshot', () => {
    const book = createOrderBook()
    book.reset(depth(5, [], []))
    expect(book.update(update(6, 7, [['9.00', '1.0']]))).to.equal('gap')
    expect(book.ready).to.equal(false)
    expect(book.update(update(7, 8, []))).to.equal('gap')
    book.reset(depth(8, [['8.00', '1.0']], []))
    expect(book.ready).to.equal(true)
  })

  it('equals a plain map of levels after any updates', () => {
    const level = fc.tuple(fc.integer({ min: 1, max: 2000 }).map((cents) => (cents / 100).toFixed(2)), fc.integer({ min: 0, max: 3 }).map((units) => (units === 0 ? '0' : `${units}.0`)))
    fc.assert(
      fc.property(fc.array(fc.array(level, { maxLength: 8 }), { maxLength: 30 }), (batches) => {
        const book = createOrderBook()
        const plain = new Map<string, string>()
        book.reset(depth(0, [], []))
        for (const [index, levels] of batches.entries()) {
          book.update(update(index, index + 1, levels, levels))
          for (const [price, quantity] of levels) {
            if (quantity === '0') plain.delete(price)
            else plain.set(price, quantity)
          }
        }
        const ascending: BookLevel[] = [...plain].sort(([one], [other]) => Number(one) - Number(other))
        expect(book.asks()).to.deep.equal(ascending)
        expect(book.bids()).to.deep.equal([...ascending].reverse())
      }),
    )
  })
})

describe('following a book', () => {
  it('subscribes anew after a gap and goes on with the new snapshot', async () => {
    const listeners: StreamListener<'depth'>[] = []
    let ended = 0
    const client: DepthSource = {
      async subscribe(_subscription, listener) {
        listeners.push(listener)
        return () => void ended++
      },
    }
    const seen: number[] = []
    const { book, stop } = await followOrderBook(client, market, { onChange: (changed: LocalOrderBook) => seen.push(changed.sequence) })
    listeners[0]!.onSnapshot(depth(1, [], []))
    listeners[0]!.onMessage({ channel: 'depth', market, data: update(1, 2, [['9.00', '1.0']]) })
    listeners[0]!.onMessage({ channel: 'depth', market, data: update(3, 4, []) })
    listeners[0]!.onMessage({ channel: 'depth', market, data: update(4, 5, []) })
    expect(listeners).to.have.length(2)
    expect(book.ready).to.equal(false)
    listeners[1]!.onSnapshot(depth(6, [['8.00', '1.0']], []))
    expect(book.bids()).to.deep.equal([['8.00', '1.0']])
    expect(seen).to.deep.equal([1, 2, 6])
    await Promise.resolve()
    stop()
    expect(ended).to.equal(2)
  })
})
