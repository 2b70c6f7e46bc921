/** Guards package-lock.json: complete for every system, and free of download addresses. */
import { expect } from 'chai'
import { readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

interface Locked {
  readonly resolved?: string
  readonly link?: boolean
  readonly hasInstallScript?: boolean
  readonly optionalDependencies?: Record<string, string>
}

const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const read = (file: string): unknown => JSON.parse(readFileSync(path.join(ROOT, file), 'utf8'))
const { packages } = read('package-lock.json') as { packages: Record<string, Locked> }

describe('the lockfile', () => {
  it('holds the optional packages of every system: npm leaves out those of others when it updates an installed tree', () => {
    const missing = Object.entries(packages).flatMap(([place, { optionalDependencies = {} }]) => Object.keys(optionalDependencies).filter((name) => !resolves(place, name)))
    expect(missing).to.deep.equal([])
  })

  it('names no address to download from', () => {
    const addresses = Object.values(packages).filter(({ resolved, link }) => resolved !== undefined && link !== true)
    expect(addresses).to.deep.equal([])
  })

  it('knows every package of the workspace', () => {
    const manifest = read('package.json') as { version: string }
    for (const [place, locked] of Object.entries(packages)) {
      if (place === '' || place.includes('node_modules/')) continue
      expect(locked, place).to.include({ version: manifest.version })
    }
  })

  it('contains only install scripts that package.json allows', () => {
    const { allowScripts } = read('package.json') as { allowScripts: Record<string, boolean> }
    const scripted = Object.entries(packages).filter(([, { hasInstallScript }]) => hasInstallScript === true).map(([place]) => place.split('node_modules/').at(-1) ?? '')
    expect(scripted.filter((name) => !(name in allowScripts) && name !== 'fsevents')).to.deep.equal([])
  })
})

/** Whether a package at some place would find another, in its own node_modules or one further up. */
function resolves(place: string, name: string): boolean {
  for (let from = place; ; from = from.slice(0, Math.max(0, from.lastIndexOf('node_modules/') - 1))) {
    if (`${from === '' ? '' : `${from}/`}node_modules/${name}` in packages) return true
    if (from === '') return false
  }
}
