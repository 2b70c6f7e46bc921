import { writeFileSync } from 'node:fs'
import { EngineExchange, holding } from './engine-exchange.js'
import { createMarketSimulator, simulatorFunding, SIMULATOR_ROLES, type FundedMarket } from '../src/index.js'
const M: FundedMarket[] = [
  { symbol: 'BTC-USDT', base: 'BTC', quote: 'USDT', startPrice: '60000', dailyVolatility: 0.03, typicalQuantity: '0.05', tradesPerMinute: 60 },
  { symbol: 'ETH-USDT', base: 'ETH', quote: 'USDT', startPrice: '3000', dailyVolatility: 0.035, typicalQuantity: '0.8', tradesPerMinute: 30 },
  { symbol: 'SOL-USDT', base: 'SOL', quote: 'USDT', startPrice: '150', dailyVolatility: 0.05, typicalQuantity: '8', tradesPerMinute: 20 },
  { symbol: 'ETH-BTC', base: 'ETH', quote: 'BTC', startPrice: '0.05', dailyVolatility: 0.02, typicalQuantity: '0.8', tradesPerMinute: 6 },
]
const ex = new EngineExchange([
  { base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' },
  { base: 'ETH', quote: 'USDT', tickSize: '0.01', lotSize: '0.0001' },
  { base: 'SOL', quote: 'USDT', tickSize: '0.01', lotSize: '0.001' },
  { base: 'ETH', quote: 'BTC', tickSize: '0.00001', lotSize: '0.001' },
])
const f = simulatorFunding(M); for (const r of SIMULATOR_ROLES) ex.fund(r, f[r])
console.log(f)
const clients = Object.fromEntries(SIMULATOR_ROLES.map((r) => [r, ex.client(r)])) as any
const hours = Number(process.argv[2] ?? 72)
let live = Infinity
const clock = { nowMs: () => ex.nowMs, sleep: async () => { await new Promise(setImmediate); ex.nowMs += 250; if (ex.nowMs > live) await new Promise(() => {}) } }
const sim = createMarketSimulator({ seed: Number(process.argv[3] ?? 1), markets: M, clients, clock, log: (m) => console.log(m) })
const from = 1_700_000_000_000, to = from + hours * 3_600_000
let t = performance.now()
await sim.runHistory({ fromMs: from, toMs: to, advanceTo: (ms) => void (ex.nowMs = ms) })
console.log('history', ((performance.now() - t) / 1000).toFixed(1), 's', ex.actions.length, 'actions', ex.engine.sequence, Object.fromEntries(sim.rejects()))
const show = (): void => { for (const m of M) { const mk = ex.market(m.symbol); const d = ex.engine.depth(mk.id, 1000); console.log(m.symbol, 'levels', d.bids.length, d.asks.length, 'spread', d.asks[0]?.[0]! - d.bids[0]?.[0]!, 'fair', sim['fair'].price(m.symbol)); const ten = (s: any) => s.slice(0, 25).map(([p, q]: any) => `${Number(p) / 10 ** mk.priceScale}x${Number(q) / 10 ** mk.quantityScale}`).join('  '); console.log('  B', ten(d.bids)); console.log('  A', ten(d.asks)) } }
show()
const histActions = ex.actions.length, histTrades = ex.trades.length
const byKind = new Map<string, number>(); for (const a of ex.actions) { const k = a.split(' ')[0] + ' ' + JSON.parse(a.slice(a.indexOf(' '))).type; byKind.set(k, (byKind.get(k) ?? 0) + 1) }
console.log(byKind)
t = performance.now(); const cpu = process.cpuUsage()
await sim.start()
live = ex.nowMs + 300_000
while (ex.nowMs < live) await new Promise(setImmediate)
const c = process.cpuUsage(cpu)
console.log('live 5 min:', ex.actions.length - histActions, 'actions', ex.trades.length - histTrades, 'trades', 'cpu s', (c.user + c.system) / 1e6, Object.fromEntries(sim.rejects()))
for (const m of M) console.log(m.symbol, ex.trades.slice(histTrades).filter((x) => x.market === m.symbol).length)
show()
for (const r of SIMULATOR_ROLES) console.log(r, ['BTC', 'ETH', 'SOL', 'USDT'].map((a) => `${a} ${Number(holding(ex, r, a)) / 1e8} of ${f[r]![a]}`).join(' '), 'orders', ex.engine.openOrders(ex.engine.catalog.accountByName(r)!).length)
writeFileSync('/tmp/h8/trades.json', JSON.stringify(ex.trades))
process.exit(0)
