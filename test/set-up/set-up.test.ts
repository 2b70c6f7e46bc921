/** The parts of the set-up that decide: which Node, what is installed, what to install, what to build again. */
import { expect } from 'chai'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { digestOf } from '../../scripts/set-up/build-stamp.js'
import { installAdvice } from '../../scripts/set-up/install-advice.js'
import { difference } from '../../scripts/set-up/installed-packages.js'
import { nodeVersionProblem } from '../../scripts/set-up/node-version.js'

describe('the set-up', () => {
  for (const version of ['20.19.0', '20.20.2', '22.12.0', '24.1.0']) {
    it(`accepts Node ${version}`, () => {
      expect(nodeVersionProblem(version)).to.equal(undefined)
    })
  }
  for (const version of ['18.20.0', '20.18.3', '21.7.0', '22.11.0']) {
    it(`refuses Node ${version} and says which to install`, () => {
      expect(nodeVersionProblem(version)).to.contain(`This is Node ${version}`).and.to.contain('20.19')
    })
  }

  const wanted = {
    packages: {
      '': { version: '0.1.0' },
      'packages/core': { version: '0.1.0' },
      'node_modules/@bourse/core': { link: true },
      'node_modules/a': { version: '1.0.0' },
      'node_modules/only-on-windows': { version: '1.0.0', optional: true },
    },
  }
  const installed = { packages: { 'node_modules/@bourse/core': { link: true }, 'node_modules/a': { version: '1.0.0' } } }
  it('sees that everything is installed', () => {
    expect(difference(wanted, installed)).to.equal(undefined)
  })
  it('sees a package that is missing', () => {
    expect(difference({ packages: { ...wanted.packages, 'node_modules/b': { version: '2.0.0' } } }, installed)).to.equal('node_modules/b is missing')
  })
  it('sees a package of another version', () => {
    expect(difference({ packages: { ...wanted.packages, 'node_modules/a': { version: '1.0.1' } } }, installed)).to.equal('node_modules/a has another version')
  })

  const situation = { addon: 'better-sqlite3 1.2.3', missing: ['python3', 'make', 'compiler'] as const, platform: 'linux' as const, distribution: '', nodeVersion: '20.20.0' }
  const advices: [string, Partial<Parameters<typeof installAdvice>[0]>, string[]][] = [
    ['Debian', { distribution: 'debian' }, ['sudo apt-get install -y python3 make g++']],
    ['Ubuntu', { distribution: 'ubuntu debian', missing: ['compiler'] }, ['sudo apt-get install -y g++', 'a C++ compiler is missing']],
    ['Fedora', { distribution: 'fedora' }, ['sudo dnf install -y python3 make gcc-c++']],
    ['another Linux', { distribution: 'void' }, ['apt-get install -y python3 make g++    (Debian, Ubuntu)', 'dnf install']],
    ['macOS', { platform: 'darwin' }, ['xcode-select --install']],
    ['Windows', { platform: 'win32', missing: ['python3', 'compiler'] }, ['winget install Microsoft.VisualStudio', 'winget install Python']],
    ['a Node without headers', { missing: ['headers'] }, ['Install Node 20.20.0 from such an archive', 'npm_config_nodedir']],
  ]
  for (const [where, change, lines] of advices) {
    it(`says what to install on ${where}`, () => {
      const advice = installAdvice({ ...situation, ...change })
      for (const line of lines) expect(advice).to.contain(line)
    })
  }

  it('builds again when a source changes, not when a test does', async () => {
    const root = await mkdtemp(path.join(os.tmpdir(), 'bourse-digest-'))
    await mkdir(path.join(root, 'src/deep'), { recursive: true })
    await writeFile(path.join(root, 'src/deep/a.ts'), '1')
    const before = digestOf(root, ['src', 'missing.json'])
    await writeFile(path.join(root, 'src/deep/a.test.ts'), 'a test')
    expect(digestOf(root, ['src', 'missing.json'])).to.equal(before)
    await writeFile(path.join(root, 'src/deep/a.ts'), '2')
    expect(digestOf(root, ['src', 'missing.json'])).not.to.equal(before)
    await rm(root, { recursive: true })
  })
})
