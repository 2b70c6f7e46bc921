/** Tests of what the next start would change about markets. */
import { expect } from 'chai'
import { createEngine, execute, type Command, type Engine } from '@bourse/core'
import { planConfig, type PlannedProject } from './config-plan.js'
import { parseConfig } from './load-project.js'
import { marketTerms } from './market-terms.js'

const MARKET = { base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' }
const BREAKER = { moveBps: 1000, windowMs: 60_000, haltMs: 5_000, auctionMs: 10_000, auctionRandomMs: 1_000 }

/** A project with one market, as far as the plan reads it. */
function projectWith(market: Record<string, unknown> = {}): PlannedProject {
  const config = parseConfig('exchange.config.ts', { brand: { name: 'Acme' }, assets: [{ code: 'BTC' }, { code: 'USDT' }], markets: [{ ...MARKET, ...market }] })
  const terms = marketTerms(config, config.markets[0]!)
  if ('problems' in terms) throw new Error(terms.problems.join())
  return { config, markets: [terms] }
}

/** An exchange that was started with a project: prices at 100.00. */
class Started {
  readonly engine: Engine = createEngine()
  private timeUs = 1_000_000

  constructor(market: Record<string, unknown> = {}) {
    this.apply(projectWith(market))
    for (const account of ['alice', 'bob']) {
      this.run({ type: 'account.open', account, kind: 'user' })
      this.run({ type: 'ledger.transfer', requestId: `${account}-b`, from: 'world', to: account, asset: 'BTC', amount: '10' })
      this.run({ type: 'ledger.transfer', requestId: `${account}-u`, from: 'world', to: account, asset: 'USDT', amount: '100000' })
    }
  }

  run(command: Command): void {
    const done = execute(this.engine, command, ++this.timeUs)
    if (!done.ok) throw new Error(`${command.type}: ${done.reject.code}`)
  }

  order(account: string, side: 'buy' | 'sell', price: string, quantity = '1'): void {
    this.run({ type: 'order.place', account, market: 'BTC-USDT', side, orderType: 'limit', price, quantity })
  }

  plan(market: Record<string, unknown> = {}) {
    const { changes, refusals } = planConfig(projectWith(market), this.engine, { cancelBreakingOrders: false })
    return { lines: changes.flatMap(({ lines }) => lines.map((line) => line.trim())), refusals, changes }
  }

  apply(project: PlannedProject): void {
    for (const { command } of planConfig(project, this.engine, { cancelBreakingOrders: true }).changes) this.run(command)
  }
}

describe('what the next start changes about a market', () => {
  it('is nothing when the configuration is as it was', () => {
    for (const market of [{}, { priceBandBps: 500, maxNotional: '1000', referencePrice: '100' }, { circuitBreaker: BREAKER }, { state: 'pre-open' }]) {
      expect(new Started(market).plan(market)).to.deep.equal({ lines: [], refusals: [], changes: [] })
    }
  })

  it('is told rule by rule, also where one is new or gone', () => {
    const started = new Started({ priceBandBps: 500 })
    expect(started.plan({ maxNotional: '1000', circuitBreaker: BREAKER }).lines).to.deep.equal([
      '~ market BTC-USDT',
      'maxNotional: 0 -> 1000',
      'priceBandBps: 500 -> 0',
      'breakerMoveBps: 0 -> 1000',
      'breakerWindowMs: 0 -> 60000',
      'haltMs: 0 -> 5000',
      'auctionMs: 0 -> 10000',
      'auctionRandomMs: 0 -> 1000',
    ])
  })

  it('gives a breaker times of its own where the configuration names none', () => {
    expect(projectWith({ circuitBreaker: { moveBps: 700 } }).markets[0]!.rules).to.include({ breakerMoveBps: 700, breakerWindowMs: 300_000, haltMs: 60_000, auctionMs: 120_000, auctionRandomMs: 30_000 })
  })

  for (const [what, rules] of [
    ['outside a new price band', { priceBandBps: 100 }],
    ['above a new maximum notional', { maxNotional: '89.99' }],
    ['below a new minimum', { minNotional: '90.01' }],
    ['off a new tick', { tickSize: '0.07', priceScale: 2 }],
  ] as const) {
    it(`is refused while an order rests ${what}`, () => {
      const started = new Started()
      started.order('alice', 'sell', '100')
      started.order('bob', 'buy', '100')
      started.order('bob', 'buy', '90')
      expect(started.plan(rules).refusals[0]).to.contain('1 resting order would break the new rules')
    })
  }

  it('leaves a market alone that its circuit breaker halted, and one in the auction that follows', () => {
    const started = new Started({ circuitBreaker: BREAKER })
    for (const price of ['100', '120']) started.order('alice', 'sell', price)
    started.order('bob', 'buy', '100')
    started.order('bob', 'buy', '120')
    expect(started.engine.catalog.market(0)?.state).to.equal('halted')
    expect(started.plan({ circuitBreaker: BREAKER }).changes).to.deep.equal([])
    // Another rule may change meanwhile, and the state goes with it as it is.
    expect(started.plan({ circuitBreaker: BREAKER, maxOpenOrders: 5 }).changes[0]!.command).to.include({ state: 'halted', maxOpenOrders: 5 })
    expect(started.plan({ circuitBreaker: BREAKER, state: 'cancel-only' }).lines).to.include('state: halted -> cancel-only')
    started.run({ type: 'market.auction', market: 'BTC-USDT', endsAt: 1_000_000 })
    expect(started.plan({ circuitBreaker: BREAKER }).changes).to.deep.equal([])
  })

  it('does not send a market back before its opening', () => {
    const started = new Started({ state: 'pre-open' })
    started.run({ type: 'market.auction', market: 'BTC-USDT', endsAt: 1 })
    expect(started.engine.catalog.market(0)?.state).to.equal('open')
    expect(started.plan({ state: 'pre-open' }).changes).to.deep.equal([])
    expect(started.plan({ state: 'halted' }).lines).to.include('state: open -> halted')
  })

  it('opens a market that was halted by hand or waits without an auction', () => {
    for (const state of ['halted', 'pre-open'] as const) expect(new Started({ state }).plan().lines).to.include(`state: ${state} -> open`)
  })
})
