/**
 * `npm run golden -- record NAME [--seed N] [--commands N]`: adds a journal to those that must be replayed for ever.
 * `npm run golden -- rehash`: after a change of how the engine lays out its state, writes the new state hashes, provided
 * that events, balances and orders are what they were.
 */
import { readFileSync, writeFileSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { goldenPath, missingTypes, readManifest, recordJournal, replayJournal, type Golden } from './golden.js'

const { values, positionals } = parseArgs({ allowPositionals: true, options: { seed: { type: 'string', default: '1' }, commands: { type: 'string', default: '2500' } } })
const [action, name] = positionals

if (action === 'record' && name !== undefined && /^[a-z0-9-]+$/.test(name)) await record(name)
else if (action === 'rehash') await rehash()
else throw new Error('Say "npm run golden -- record NAME" or "npm run golden -- rehash". A name has small letters, digits and dashes.')

async function record(added: string): Promise<void> {
  const manifest = readManifest()
  if (manifest.some((golden) => golden.name === added)) throw new Error(`"${added}" is recorded already, and recordings are for ever. Choose another name.`)
  const bytes = await recordJournal(Number(values.seed), Number(values.commands))
  const { types, ...facts } = await replayJournal(bytes)
  const missing = missingTypes(types)
  if (missing.length > 0) throw new Error(`The recording lacks ${missing.join(', ')}. Give another --seed or more --commands.`)
  writeFileSync(goldenPath(`${added}.journal`), bytes)
  write([...manifest, { name: added, ...facts }])
  console.log(`${added}: ${bytes.length} bytes, ${facts.commands} commands of ${types.size} types, state ${facts.stateHash}`)
}

async function rehash(): Promise<void> {
  const rehashed: Golden[] = []
  for (const golden of readManifest()) {
    const facts = await replayJournal(readFileSync(goldenPath(`${golden.name}.journal`)))
    if (facts.events !== golden.events || facts.books !== golden.books || facts.commands !== golden.commands) throw new Error(`${golden.name} is replayed to other events or balances than were recorded: the change breaks existing exchanges. Nothing was written.`)
    rehashed.push({ ...golden, stateHash: facts.stateHash })
  }
  write(rehashed)
}

function write(manifest: readonly Golden[]): void {
  writeFileSync(goldenPath('manifest.json'), `${JSON.stringify(manifest, null, 2)}\n`)
}
