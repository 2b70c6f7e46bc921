/** The engine alone: no server, no database, no clock. Two people trade, and every coin is accounted for. */
import { createEngine, execute, formatDecimal, type Command, type Event } from '@bourse/core'

const engine = createEngine()
let timestampUs = 1_700_000_000_000_000
function run(command: Command): readonly Event[] {
  const result = execute(engine, command, ++timestampUs)
  if (!result.ok) throw new Error(`${command.type}: ${result.reject.code}`)
  return result.events
}

run({ type: 'asset.define', code: 'BTC', scale: 8 })
run({ type: 'asset.define', code: 'USD', scale: 8 })
run({
  type: 'market.define', symbol: 'BTC-USD', base: 'BTC', quote: 'USD', priceScale: 2, quantityScale: 5, state: 'open',
  tickSize: '0.01', lotSize: '0.00001', minQuantity: '0.00001', maxQuantity: '1000', maxPrice: '10000000', minNotional: '1',
  makerFee: '0.0008', takerFee: '0.001', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 100,
})
for (const [account, asset, amount] of [['alice', 'USD', '70000'], ['bob', 'BTC', '1']] as const) {
  run({ type: 'account.open', account, kind: 'user' })
  run({ type: 'ledger.transfer', requestId: `deposit-${account}`, from: 'world', to: account, asset, amount })
}
run({ type: 'order.place', account: 'alice', market: 'BTC-USD', side: 'buy', orderType: 'limit', price: '64000.00', quantity: '0.50000' })
const events = run({ type: 'order.place', account: 'bob', market: 'BTC-USD', side: 'sell', orderType: 'market', quantity: '0.20000' })

for (const event of events) {
  if (event.type === 'trade.executed') console.log(`trade ${event.tradeId}: ${formatDecimal(event.quantity, 5)} BTC at ${formatDecimal(event.price, 2)} USD`)
}
for (const [id, name] of ['world', 'fees', 'alice', 'bob'].entries()) {
  const holdings = engine.catalog.assets().map((asset) => `${formatDecimal(engine.balance(id, asset.id).available, asset.scale)} (+ ${formatDecimal(engine.balance(id, asset.id).held, asset.scale)} held) ${asset.code}`)
  console.log(`${name.padEnd(6)} ${holdings.join(', ')}`)
}
console.log(`state ${engine.stateHash()}`)
