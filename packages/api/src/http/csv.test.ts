import { expect } from 'chai'
import { csvCell, csvDownload } from './csv.js'

describe('a list as comma-separated values', () => {
  for (const [value, cell] of [
    ['plain', 'plain'], ['-1.50', '-1.50'], [7, '7'], [true, 'true'], [null, ''], [undefined, ''], ['a,b', '"a,b"'], ['say "hi"', '"say ""hi"""'], ['two\nlines', '"two\nlines"'],
    ['=1+1', "'=1+1"], ['+cmd', "'+cmd"], ['@sum', "'@sum"], ['-2+3', "'-2+3"], ['=a,"b"', `"'=a,""b"""`],
  ] as const) {
    it(`writes ${JSON.stringify(value)} as ${cell}`, () => expect(csvCell(value)).to.equal(cell))
  }

  it('reads one page after another, only as fast as they are taken', async () => {
    const asked: string[] = []
    const { download } = csvDownload({
      fileName: 'x.csv',
      columns: ['b', 'a'],
      first: { items: [{ a: 1, b: 'x' }], nextCursor: 'second' },
      page: async (cursor) => {
        asked.push(cursor)
        return { items: [{ a: 2, b: 'y' }], nextCursor: null }
      },
    })
    const pieces = download.pieces[Symbol.asyncIterator]()
    expect((await pieces.next()).value).to.equal('b,a\r\n')
    expect(asked).to.deep.equal([])
    expect((await pieces.next()).value).to.equal('x,1\r\n')
    expect(asked).to.deep.equal([])
    expect((await pieces.next()).value).to.equal('y,2\r\n')
    expect((await pieces.next()).done).to.equal(true)
    expect(asked).to.deep.equal(['second'])
  })
})
