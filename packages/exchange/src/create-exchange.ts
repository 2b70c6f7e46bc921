/** Opening an exchange over its storage. */
import { coreEngines } from './engine-state.js'
import type { Exchange } from './exchange.js'
import type { ExchangeOptions } from './exchange-options.js'
import { recover } from './recovery.js'
import { RunningExchange } from './running-exchange.js'

/**
 * Opens an exchange: restores the newest fitting snapshot, replays the rest of the journal and starts the writer.
 *
 * @example
 * const storage = createMemoryStorage() // or: await openFileStorage('./data')
 * const exchange = await createExchange(storage)
 * await exchange.submit({ type: 'asset.define', code: 'BTC', scale: 8 })
 * await exchange.submit({ type: 'account.open', account: 'alice', kind: 'user' })
 * const result = await exchange.submit({ type: 'ledger.transfer', requestId: 'd-1', from: 'world', to: 'alice', asset: 'BTC', amount: '0.5' })
 * console.log(result.ok, exchange.balance('alice', 'BTC').available) // true 50000000n
 * await exchange.close()
 *
 * @throws JournalCorruptError when the journal is damaged, JournalBehindError when a part of it is missing.
 */
export async function createExchange(options: ExchangeOptions): Promise<Exchange> {
  const recovered = await recover({
    journal: options.journal,
    snapshots: options.snapshots,
    engines: options.engines ?? coreEngines,
    projections: options.projections ?? [],
    log: options.log ?? (() => undefined),
    onProgress: options.onProgress ?? (() => undefined),
  })
  recovered.marketData.trackDepthChanges()
  const exchange = new RunningExchange(options, recovered)
  await exchange.space?.start()
  return exchange
}
