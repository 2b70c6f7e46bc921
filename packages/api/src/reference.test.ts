import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { DOCUMENT, rewritten, writtenParts } from '../test/route-table.js'

describe('the API reference', () => {
  it('tells the routes, streams and errors of the tables (run packages/api/test/route-table.ts after a change)', async () => {
    const text = await readFile(DOCUMENT, 'utf8')
    for (const name of Object.keys(writtenParts())) expect(text, name).to.include(`<!-- ${name} -->`)
    expect(text).to.equal(rewritten(text))
  })
})
