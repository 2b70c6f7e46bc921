/** Keeps the documents true: what they show is what runs, what they link to exists. */
import { expect } from 'chai'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { ROOT } from '../architecture/source-imports.js'

const PAGES = ['README.md', ...readdirSync(path.join(ROOT, 'docs')).filter((name) => name.endsWith('.md')).map((name) => `docs/${name}`), ...readdirSync(path.join(ROOT, 'examples')).filter((name) => !name.startsWith('.')).map((name) => `examples/${name}/README.md`)]
const SHOWN = /<!-- from (\S+) -->\n+(?:```ts\n([\s\S]*?)```)?/g
const LINK = /\]\((?!https?:|#)([^)#\s]+)/g

describe('the documents', () => {
  for (const page of PAGES) {
    const text = readFileSync(path.join(ROOT, page), 'utf8')
    for (const [, file = '', block] of text.matchAll(SHOWN)) {
      it(`${page} shows ${file} as it is`, () => {
        expect(block, 'a code block after the mark').to.equal(readFileSync(path.join(ROOT, file), 'utf8'))
      })
    }
    it(`${page} links to files that exist`, () => {
      const missing = [...text.matchAll(LINK)].map(([, target = '']) => target).filter((target) => !existsSync(path.resolve(ROOT, path.dirname(page), target)))
      expect(missing).to.deep.equal([])
    })
  }

  it('show only commands of exchange that exist', async () => {
    const cli = path.join(ROOT, 'packages/bourse/src/cli')
    const known = readdirSync(cli).map((name) => readFileSync(path.join(cli, name), 'utf8')).join('\n')
    const used = PAGES.flatMap((page) => [...readFileSync(path.join(ROOT, page), 'utf8').matchAll(/npx exchange ([a-z-]+)/g)].map(([, name = '']) => name))
    expect([...new Set(used)].filter((name) => !known.includes(`.command('${name}')`))).to.deep.equal([])
  })
})
