/** Fails when a package or a folder of core imports what its floor does not allow. */
import { expect } from 'chai'
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ALLOWED_IMPORTS, ALLOWED_INSIDE_CORE } from './floors.js'
import { importsOf, packageNames, ROOT, sourceFiles, type SourceImport } from './source-imports.js'

function bourseImports(name: string): SourceImport[] {
  return sourceFiles(`packages/${name}/src`)
    .flatMap(importsOf)
    .filter((found) => found.specifier.startsWith('@bourse/'))
}

function declaredDependencies(name: string): Record<string, string> {
  const manifest = JSON.parse(readFileSync(path.join(ROOT, 'packages', name, 'package.json'), 'utf8')) as Record<string, Record<string, string> | undefined>
  return { ...manifest['devDependencies'], ...manifest['dependencies'], ...manifest['peerDependencies'], ...manifest['optionalDependencies'] }
}

describe('the floors of the house', () => {
  it('knows every package', () => {
    expect(packageNames().filter((name) => !(name in ALLOWED_IMPORTS))).to.deep.equal([])
    expect(Object.keys(ALLOWED_IMPORTS).filter((name) => !existsSync(path.join(ROOT, 'packages', name, 'src')))).to.deep.equal([])
  })

  for (const name of packageNames()) {
    it(`lets ${name} import only what is below it, through the entry points, as declared`, () => {
      const declared = declaredDependencies(name)
      const wrong = bourseImports(name).filter(({ specifier }) => {
        const imported = specifier.split('/')[1] ?? ''
        return !(ALLOWED_IMPORTS[name] ?? []).includes(imported) || !(`@bourse/${imported}` in declared)
      })
      expect(wrong).to.deep.equal([])
    })

    it(`keeps relative imports of ${name} inside the package`, () => {
      const folder = path.join('packages', name, 'src')
      const outside = sourceFiles(folder)
        .flatMap(importsOf)
        .filter(({ file, specifier }) => specifier.startsWith('.') && path.relative(folder, path.join(path.dirname(file), specifier)).startsWith('..'))
      expect(outside).to.deep.equal([])
    })
  }

  it('lets core import nothing but itself', () => {
    expect(sourceFiles('packages/core/src').flatMap(importsOf).filter(({ specifier }) => !specifier.startsWith('.'))).to.deep.equal([])
    expect(declaredDependencies('core')).to.deep.equal({})
  })

  it('keeps the rooms of core in order', () => {
    const wrong = sourceFiles('packages/core/src')
      .flatMap(importsOf)
      .filter(({ file, specifier }) => {
        const from = path.relative('packages/core/src', file).split(path.sep)[0] ?? ''
        if (from === 'index.ts') return false
        const to = path.relative('packages/core/src', path.join(path.dirname(file), specifier)).split(path.sep)[0] ?? ''
        return from !== to && !(ALLOWED_INSIDE_CORE[from] ?? []).includes(to)
      })
    expect(wrong).to.deep.equal([])
  })

  it('lets the terminal import only values from core', () => {
    const text = sourceFiles('packages/terminal/src').map((file) => readFileSync(path.join(ROOT, file), 'utf8')).join('\n')
    expect(text).not.to.match(/createEngine|restoreEngine|createMarketData/)
  })

  it('lets create-exchange run without any package of the workspace', () => {
    expect(sourceFiles('cli/src').flatMap(importsOf).filter(({ specifier }) => specifier.startsWith('@bourse/'))).to.deep.equal([])
  })

  it('lets writer, journal, snapshots and recovery take time and chance only as arguments, so that a seed decides a simulation', () => {
    const forbidden = /\bsetTimeout\b|\bsetInterval\b|\bsetImmediate\b|timers\/promises|\bDate\.now|new Date\b|performance\.now|Math\.random/
    // The outermost layer: the system's own clock and timers, and what other processes own.
    const outermost = ['exchange/src/link/engine-link.ts', 'exchange/src/link/replica-exchange.ts', 'exchange/src/timers.ts', 'exchange/src/clock.ts', 'journal-file/src/directory-lock.ts']
    const files = [...sourceFiles('packages/exchange/src'), ...sourceFiles('packages/journal-file/src')].filter((file) => !/\.test\.ts$|\/testing\//.test(file))
    const offenders = files.filter((file) => {
      const code = readFileSync(path.join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
      return forbidden.test(code)
    })
    expect(offenders.map((file) => file.replace('packages/', '')).sort()).to.deep.equal(outermost.sort())
  })

  it('keeps the engine free of clocks, chance and locale', () => {
    const forbidden = /\bDate\b(?!\.)|\bDate\.|Math\.random|\bIntl\b|toLocale|performance\.now|crypto\./
    const offenders = sourceFiles('packages/core/src').filter((file) => {
      const code = readFileSync(path.join(ROOT, file), 'utf8').replace(/\/\*[\s\S]*?\*\//g, '').replace(/\/\/.*$/gm, '')
      return forbidden.test(code)
    })
    expect(offenders).to.deep.equal([])
  })
})
