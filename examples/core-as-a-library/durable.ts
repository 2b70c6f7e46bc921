/** The engine with a journal on disk: what was acknowledged is there after the next start. Run it twice. */
import { createExchange } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'

const storage = await openFileStorage(process.argv[2] ?? './exchange-data')
const exchange = await createExchange({ journal: storage.journal, snapshots: storage.snapshots })

await exchange.submit({ type: 'asset.define', code: 'GOLD', scale: 3 })
await exchange.submit({ type: 'account.open', account: 'alice', kind: 'user' })
const result = await exchange.submit({ type: 'ledger.transfer', requestId: `gift-${exchange.engine.sequence}`, from: 'world', to: 'alice', asset: 'GOLD', amount: '0.500' })
if (!result.ok) throw new Error(result.reject.code)
console.log(`alice owns ${exchange.balance('alice', 'GOLD').available} thousandths of GOLD at sequence ${result.sequence}`)

await exchange.close()
await storage.close()
