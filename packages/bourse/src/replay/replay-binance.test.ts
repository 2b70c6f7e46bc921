import { createExchange, createMemoryStorage, type Exchange } from '@bourse/exchange'
import { expect } from 'chai'
import { fixture, outsideData, readText, rejection, temporaryFile } from '../../fixtures/replay/replay-fixtures.js'
import { binanceReportLines, replayBinance, type BinanceReplayOptions, type BinanceReplayReport } from './replay-binance.js'

interface MarketSteps {
  readonly tickSize: string
  readonly lotSize: string
  readonly maxOpenOrders?: number
}

async function newExchange(steps: MarketSteps): Promise<Exchange> {
  const exchange = await createExchange(createMemoryStorage())
  await exchange.submit({ type: 'asset.define', code: 'AAA', scale: 8 })
  await exchange.submit({ type: 'asset.define', code: 'BBB', scale: 8 })
  const scale = (step: string): number => step.split('.')[1]?.length ?? 0
  const defined = await exchange.submit({
    type: 'market.define', symbol: 'AAA-BBB', base: 'AAA', quote: 'BBB', ...steps, priceScale: scale(steps.tickSize), quantityScale: scale(steps.lotSize),
    state: 'open', minQuantity: steps.lotSize, maxQuantity: '9000', maxPrice: '5000000', minNotional: '5', makerFee: '0.001', takerFee: '0.001',
    marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: steps.maxOpenOrders ?? 1_000,
  })
  expect(defined.ok).to.equal(true)
  return exchange
}

const SMALL: MarketSteps = { tickSize: '0.1', lotSize: '0.01', maxOpenOrders: 4 }

/** A clock that stands still except while somebody sleeps. */
function stillClock(): { nowMs(): number; sleep(ms: number): Promise<void>; sleeps: number[] } {
  let nowMs = 5_000
  const sleeps: number[] = []
  return { sleeps, nowMs: () => nowMs, sleep: async (ms) => void (sleeps.push(ms), (nowMs += ms)) }
}

async function replay(exchange: Exchange, options: Partial<BinanceReplayOptions> = {}): Promise<BinanceReplayReport> {
  const report = await replayBinance({ door: exchange, market: 'AAA-BBB', files: [fixture('spot.capture.txt')], speed: null, clock: stillClock(), ...options })
  exchange.engine.checkInvariants()
  return report
}

async function trades(exchange: Exchange): Promise<string[]> {
  const all: string[] = []
  const stop = exchange.sequence
  for await (const event of exchange.events(1n)) {
    if (event.type === 'trade.executed') all.push(`${event.takerSide} ${event.quantity} at ${event.price}`)
    if (event.sequence >= stop) break
  }
  return all
}

/** A person with an order in the market. */
async function stranger(exchange: Exchange, side: 'buy' | 'sell', price: string, quantity: string): Promise<void> {
  await exchange.submit({ type: 'account.open', account: 'stranger', kind: 'user' })
  for (const asset of ['AAA', 'BBB']) await exchange.submit({ type: 'ledger.transfer', requestId: asset, from: 'world', to: 'stranger', asset, amount: '1000' })
  const placed = await exchange.submit({ type: 'order.place', account: 'stranger', market: 'AAA-BBB', side, orderType: 'limit', price, quantity })
  expect(placed.ok).to.equal(true)
}

describe('replay of a venue capture', () => {
  it('follows a hand-made capture update by update and trade by trade', async () => {
    const exchange = await newExchange(SMALL)
    const report = await replay(exchange)
    expect(report.updates).to.deep.include({ received: 5, olderThanSnapshot: 1, neverJoined: 0, checked: 4, equal: 4, equalQuantities: 4, differences: [] })
    expect(report.trades).to.deep.include({ captured: 4, executed: 4, differences: [] })
    expect(report.captureCheck).to.deep.equal({ compared: 2, equal: 2 })
    expect(report).to.deep.include({ passed: true, complete: true, othersAtStart: { bidLevels: 0, askLevels: 0 } })
    expect(report.capture).to.include({ symbol: 'AAABBB', messages: 13, others: 1 })
    expect(await trades(exchange)).to.deep.equal(['buy 50 at 1001', 'buy 150 at 1001', 'buy 1 at 1002', 'sell 200 at 998'])
    await exchange.close()
  })

  it('withdraws its quotes and gives all money back when it is over', async () => {
    const exchange = await newExchange(SMALL)
    const report = await replay(exchange)
    expect(exchange.engine.depth(0, 10)).to.deep.equal({ bids: [], asks: [] })
    expect(report.liquidityAccounts).to.be.greaterThan(1)
    for (const account of ['replay-taker', 'replay-liquidity', 'replay-liquidity-2']) {
      for (const asset of ['AAA', 'BBB']) expect(exchange.balance(account, asset)).to.deep.equal({ available: 0n, held: 0n })
    }
    const again = await replay(exchange)
    expect(again.passed).to.equal(true)
    await exchange.close()
  })

  it('leaves the venue\'s last book standing when asked, and takes it over the next time', async () => {
    const exchange = await newExchange(SMALL)
    await replay(exchange, { keepBook: true })
    expect(exchange.engine.depth(0, 10)).to.deep.equal({ bids: [[998n, 40n], [997n, 300n]], asks: [[999n, 2n], [1004n, 400n]] })
    const again = await replay(exchange)
    expect(again.passed).to.equal(true)
    expect(exchange.engine.depth(0, 10)).to.deep.equal({ bids: [], asks: [] })
    await exchange.close()
  })

  it('does the same at recorded speed, waiting as the capture did', async () => {
    const exchange = await newExchange(SMALL)
    const clock = stillClock()
    const report = await replay(exchange, { clock, speed: 2 })
    expect(report).to.include({ passed: true, speed: 2 })
    expect(clock.sleeps.reduce((sum, ms) => sum + ms, 0)).to.be.closeTo(370 / 2, 5)
    expect(report.seconds).to.be.closeTo(0.185, 0.005)
    await exchange.close()
  })

  it('says so where an order of somebody else stands at the top of the book', async () => {
    const exchange = await newExchange(SMALL)
    await stranger(exchange, 'buy', '100.0', '1.00')
    const report = await replay(exchange)
    expect(report.othersAtStart).to.deep.equal({ bidLevels: 1, askLevels: 0 })
    expect(report.updates.differencesByReason).to.have.property('an_order_of_others_is_at_the_top')
    expect(report.passed).to.equal(false)
    expect(report.updates.differences[0]!.what).to.equal('captured 99.9 / 100.1, exchange 100.0 / 100.1')
    expect(binanceReportLines(report).join('\n')).to.contain('an order of others is at the top')
    await exchange.close()
  })

  it('lists a trade that met somebody else\'s order, with the reason', async () => {
    const exchange = await newExchange(SMALL)
    await stranger(exchange, 'sell', '100.1', '0.60')
    const report = await replay(exchange)
    expect(report.trades.captured).to.equal(4)
    expect(report.trades.executed).to.equal(3)
    expect(report.trades.differences).to.deep.equal([{ file: fixture('spot.capture.txt'), line: 7, what: 'trade 2: buy 1.50000000 at 100.10000000', reason: 'met_an_order_of_others' }])
    await exchange.close()
  })

  it('refuses, before anything changes, what the market cannot express', async () => {
    const refused: [steps: MarketSteps, message: string][] = [
      [{ tickSize: '1', lotSize: '0.01' }, 'line 1: the price 99.90000000 cannot be expressed: AAA-BBB has a tick size 1'],
      [{ tickSize: '0.1', lotSize: '0.1' }, 'line 8: the quantity 0.01000000 cannot be expressed: AAA-BBB has a lot size 0.1'],
    ]
    for (const [steps, message] of refused) {
      const exchange = await newExchange(steps)
      const { sequence } = exchange
      expect((await rejection(replay(exchange))).message).to.contain(message)
      expect(exchange.sequence).to.equal(sequence)
      await exchange.close()
    }
  })

  it('quotes level quantities between two lots in whole lots, and counts them', async () => {
    const exchange = await newExchange(SMALL)
    const text = await readText(fixture('spot.capture.txt'))
    const fine = await temporaryFile('fine.txt', text.replace('"4.00000000"', '"4.00700000"').replace('"3.00000000"', '"0.00100000"'))
    const report = await replay(exchange, { files: [fine], keepBook: true })
    expect(report).to.include({ roundedQuantities: 2, passed: true })
    expect(exchange.engine.depth(0, 10)).to.deep.equal({ bids: [[998n, 40n], [997n, 1n]], asks: [[999n, 2n], [1004n, 400n]] })
    await exchange.close()
  })

  it('refuses an unknown market, two symbols in one capture, a capture without a snapshot, and malformed lines', async () => {
    const exchange = await newExchange(SMALL)
    const text = await readText(fixture('spot.capture.txt'))
    const other = await temporaryFile('other.txt', text.replaceAll('AAABBB', 'CCCBBB'))
    const without = await temporaryFile('without.txt', text.split('\n').filter((line) => !line.includes('lastUpdateId')).join('\n'))
    const broken = await temporaryFile('broken.txt', `${text}1700000000380000000 {"stream"`)
    const message = async (options: Partial<BinanceReplayOptions>): Promise<string> => (await rejection(replay(exchange, options))).message
    expect(await message({ market: 'NO-SUCH' })).to.contain('There is no market NO-SUCH. Markets: AAA-BBB.')
    expect(await message({ files: [fixture('spot.capture.txt'), other] })).to.contain('other.txt, line 1: is of CCCBBB, the capture began with AAABBB')
    expect(await message({ files: [without] })).to.contain('holds no depth snapshot')
    expect(await message({ files: [broken] })).to.contain('broken.txt, line 14: is not JSON')
    await exchange.close()
  })

  it('tells a gap in the updates and what it cost', async () => {
    const exchange = await newExchange(SMALL)
    const text = await readText(fixture('spot.capture.txt'))
    const gap = await temporaryFile('gap.txt', text.split('\n').filter((line) => !line.includes('"U":103')).join('\n'))
    const report = await replay(exchange, { files: [gap] })
    expect(report.gaps).to.have.length(1)
    expect(report.gaps[0]).to.contain('gap.txt, line 9: updates are missing from 103 on')
    expect(report.updates).to.deep.include({ received: 4, checked: 1, neverJoined: 2 })
    expect(report.passed).to.equal(false)
    await exchange.close()
  })

  it('ends early on a signal and clears up', async () => {
    const exchange = await newExchange(SMALL)
    const controller = new AbortController()
    const report = await replay(exchange, { signal: controller.signal, speed: 1, onProgress: ({ stage }) => stage === 'replaying' && controller.abort() })
    expect(report).to.include({ complete: false, passed: false })
    expect(exchange.engine.depth(0, 10)).to.deep.equal({ bids: [], asks: [] })
    await exchange.close()
  })

  const captures: [name: string, steps: MarketSteps, files: string[]][] = [
    ['spot BTCUSDT', { tickSize: '0.01', lotSize: '0.00001' }, ['binance/spot_btcusdt_20240808.gz', 'binance/spot_btcusdt_20240809.gz']],
    ['spot ETHUSDT', { tickSize: '0.01', lotSize: '0.0001' }, ['binance/spot_ethusdt_20240808.gz', 'binance/spot_ethusdt_20240809.gz']],
    ['perpetual BTCUSDT', { tickSize: '0.01', lotSize: '0.00001' }, ['binance/usdm_btcusdt_20240808.gz']],
  ]
  for (const [name, steps, names] of captures) {
    it(`follows ${name} at full speed`, async function () {
      const files = names.map(outsideData)
      if (files.includes(undefined)) return this.skip()
      this.timeout(180_000)
      const exchange = await newExchange(steps)
      const clock = { nowMs: () => performance.now(), sleep: async () => undefined }
      const report = await replay(exchange, { files: files as string[], clock })
      for (const line of binanceReportLines(report)) console.log(`      ${line}`)
      expect(report.updates.equalShare).to.be.at.least(0.999)
      expect(report.trades.executed).to.equal(report.trades.captured)
      expect(report.gaps).to.deep.equal([])
      await exchange.close()
    })
  }
})
