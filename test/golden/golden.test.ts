/** The recorded journals, and the machinery that records them. */
import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import { goldenPath, missingTypes, readManifest, recordJournal, replayJournal } from './golden.js'

describe('A golden journal', function () {
  this.timeout(60_000)
  const manifest = readManifest()

  it('stands beside its entry in the manifest, and no other does', () => {
    const files = readdirSync(goldenPath('')).filter((name) => name.endsWith('.journal'))
    expect(files.sort()).to.deep.equal(manifest.map(({ name }) => `${name}.journal`).sort())
  })

  for (const { name, ...facts } of manifest) {
    it(`${name} is replayed to the events, balances and state that were recorded`, async () => {
      const { types, ...replayed } = await replayJournal(readFileSync(goldenPath(`${name}.journal`)))
      expect(replayed).to.deep.equal(facts)
      console.log(`      ${name}: ${facts.commands} commands of ${types.size} types`)
    })
  }

  it('holds every type of command when it is recorded, and is the same file each time', async () => {
    let missing: unknown[] = ['everything']
    // What is rare may be missing with one seed.
    for (let seed = Math.floor(Math.random() * 2 ** 31), tries = 0; missing.length > 0 && tries < 5; seed++, tries++) {
      const bytes = await recordJournal(seed, 2500)
      expect(Buffer.compare(bytes, await recordJournal(seed, 2500)), `seed ${seed}`).to.equal(0)
      const { types, commands } = await replayJournal(bytes)
      expect(commands).to.equal(2500)
      missing = missingTypes(types)
      console.log(`      seed ${seed}: ${bytes.length} bytes, ${types.size} types of commands`)
    }
    expect(missing).to.deep.equal([])
  })

  it('is refused when a byte of it has changed', async () => {
    const bytes = await recordJournal(3, 300)
    bytes[bytes.length >> 1]! ^= 4
    expect(await replayJournal(bytes).then(() => 'replayed', (error: Error) => error.name + error.message)).to.contain('damaged')
  })
})
