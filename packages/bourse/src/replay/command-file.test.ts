import { expect } from 'chai'
import { parseCommand, parseHeader, readCommandFile } from './command-file.js'
import { fixture, rejection, temporaryFile } from '../../fixtures/replay/replay-fixtures.js'

const STOCK = 'seq,ts_ns,op,id,side,price,qty,tif,src,row'
const COIN = 'seq,ts_ms,op,id,side,price_cents,qty_satoshi,src'

describe('files of commands', () => {
  it('learns the columns and the scales from the header', () => {
    const stock = parseHeader('f', STOCK)
    expect([stock.priceScale, stock.quantityScale, stock.timestampNs]).to.deep.equal([4, 0, 1n])
    const coin = parseHeader('f', COIN)
    expect([coin.priceScale, coin.quantityScale, coin.timestampNs]).to.deep.equal([2, 8, 1_000_000n])
    expect(coin.timeInForce).to.equal(-1)
  })

  it('reads ids beyond 2^53, negative ids and stamps in nanoseconds without losing a digit', () => {
    const command = parseCommand('f', parseHeader('f', STOCK), '140,34200959519763123,N,-9007199254740993,B,5857400,65,IOC,real,90', 2)
    expect(command).to.deep.equal({
      line: 2,
      sequence: '140',
      timestampUs: 34_200_959_519_763,
      operation: 'N',
      id: '-9007199254740993',
      side: 'buy',
      price: 5_857_400n,
      quantity: 65n,
      immediateOrCancel: true,
      row: '90',
    })
  })

  it('says which columns a header lacks', () => {
    expect(() => parseHeader('orders.csv', 'seq,op,id,side,price')).to.throw('orders.csv, line 1: the header names no column ts_ns or ts_ms, qty or qty_satoshi')
  })

  const malformed: [why: string, line: string, message: string][] = [
    ['a missing column', '1,1,N,1,B,100,1,GTC,real', 'has 9 columns where the header has 10'],
    ['an unknown operation', '1,1,X,1,B,100,1,GTC,real,0', 'op is "X"'],
    ['an unknown side', '1,1,N,1,buy,100,1,GTC,real,0', 'side is "buy"'],
    ['an id that is no integer', '1,1,N,1.5,B,100,1,GTC,real,0', 'id is "1.5"'],
    ['an unknown time in force', '1,1,N,1,B,100,1,FOK,real,0', 'tif is "FOK"'],
    ['a negative price', '1,1,N,1,B,-100,1,GTC,real,0', 'the price is "-100"'],
    ['an empty quantity', '1,1,N,1,B,100,,GTC,real,0', 'the quantity is ""'],
    ['a price with a decimal point', '1,1,N,1,B,100.5,1,GTC,real,0', 'the price is "100.5"'],
    ['a number beyond int64', '1,1,N,1,B,100,9999999999999999999,GTC,real,0', 'the quantity is'],
  ]
  for (const [why, line, message] of malformed) {
    it(`names file and line for ${why}`, () => {
      expect(() => parseCommand('day.csv', parseHeader('day.csv', STOCK), line, 17)).to.throw(`day.csv, line 17: ${message}`)
    })
  }

  it('numbers lines across blocks and takes line ends of either kind', async () => {
    const lines = [STOCK, ...Array.from({ length: 20_000 }, (_, i) => `${i},1,N,${i},B,100,1,GTC,real,0`), '1,1,N,broken,B,100,1,GTC,real,0']
    const file = await temporaryFile('many.csv', lines.join('\r\n'))
    const error = await rejection(drain(readCommandFile(file)))
    expect(error.message).to.contain('many.csv, line 20002: id is "broken"')
  })

  it('reads the same from a compressed file', async () => {
    const file = await temporaryFile('small.csv.gz', `${STOCK}\n1,1,C,5,S,100,,,real,0\n`)
    const [command] = await drain(readCommandFile(file))
    expect(command).to.include({ operation: 'C', id: '5', side: 'sell' })
  })

  it('refuses a file that is missing, empty, or not what its name says', async () => {
    expect((await rejection(drain(readCommandFile('no-such-file.csv')))).message).to.contain('There is no file no-such-file.csv')
    expect((await rejection(drain(readCommandFile(await temporaryFile('empty.csv', ''))))).message).to.contain('empty.csv is empty')
    const { rename } = await import('node:fs/promises')
    const plain = await temporaryFile('plain.csv', STOCK)
    await rename(plain, `${plain}.gz`)
    expect((await rejection(drain(readCommandFile(`${plain}.gz`)))).message).to.contain('is it gzip?')
  })

  it('reads the committed example', async () => {
    expect(await drain(readCommandFile(fixture('stock.commands.csv')))).to.have.length(11)
  })
})

async function drain(blocks: ReturnType<typeof readCommandFile>): Promise<unknown[]> {
  const all: unknown[] = []
  for await (const { commands } of blocks) all.push(...commands)
  return all
}
