/** The same commands come to the same state under every version of Node, in every time zone and locale. */
import { expect } from 'chai'
import { execFile } from 'node:child_process'
import path from 'node:path'
import { promisify } from 'node:util'

const SCRIPT = path.join(import.meta.dirname, 'state-hash.js')
const SCALE = Number(process.env.BOURSE_TEST_SCALE ?? 1)
const COMMANDS = 4000 * SCALE
const SEED = Number(process.env.BOURSE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
/** Other binaries of Node, separated like a PATH. */
const OTHERS = (process.env['BOURSE_NODE_BINARIES'] ?? '').split(path.delimiter).filter((file) => file !== '')
const PLACES = [
  { TZ: 'UTC', LC_ALL: 'C' },
  { TZ: 'Pacific/Apia', LC_ALL: 'de_DE.UTF-8' },
  { TZ: 'America/St_Johns', LC_ALL: 'ar_EG.UTF-8' },
  { TZ: 'Asia/Kathmandu', LC_ALL: 'tr_TR.UTF-8' },
] as const

async function run(binary: string, place: (typeof PLACES)[number]): Promise<{ hash: string; version: string }> {
  const { stdout } = await promisify(execFile)(binary, [SCRIPT, String(SEED), String(COMMANDS)], { env: { ...process.env, ...place, NODE_OPTIONS: '' } })
  const [hash = '', version = ''] = stdout.split(' ')
  return { hash, version }
}

describe('The state after the same commands', function () {
  this.timeout(120_000 * SCALE)
  let expected: string
  before(async () => {
    expected = (await run(process.execPath, PLACES[0])).hash
  })

  it('is the same in every time zone and locale', async () => {
    const found = new Set<string>()
    for (const place of PLACES) found.add((await run(process.execPath, place)).hash)
    console.log(`      seed ${SEED}: ${COMMANDS} commands in ${PLACES.length} places`)
    expect([...found]).to.deep.equal([expected])
  })

  it('is the same under other versions of Node', async function () {
    if (OTHERS.length === 0) {
      console.log('      skipped: BOURSE_NODE_BINARIES names no other version of Node')
      this.skip()
    }
    const versions: string[] = []
    for (const binary of OTHERS) {
      const { hash, version } = await run(binary, PLACES[1])
      expect(hash, `seed ${SEED}, Node ${version}`).to.equal(expected)
      versions.push(version)
    }
    console.log(`      seed ${SEED}: ${COMMANDS} commands under ${[process.version, ...versions].join(', ')}`)
  })
})
