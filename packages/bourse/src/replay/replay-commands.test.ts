import { createExchange, createMemoryStorage } from '@bourse/exchange'
import { openFileStorage } from '@bourse/journal-file'
import { expect } from 'chai'
import path from 'node:path'
import { fixture, outsideData, readText, rejection, temporaryFile, temporaryFolder } from '../../fixtures/replay/replay-fixtures.js'
import { replayCommands, type CommandReplayReport } from './replay-commands.js'

interface Replayed {
  readonly report: CommandReplayReport
  readonly fills: string
  readonly book5: string
}

async function replay(file: string, suffix = ''): Promise<Replayed> {
  const folder = await temporaryFolder()
  const fillsOut = path.join(folder, `fills.csv${suffix}`)
  const book5Out = path.join(folder, `book5.csv${suffix}`)
  const exchange = await createExchange(createMemoryStorage())
  const report = await replayCommands({ door: exchange, file, fillsOut, book5Out, nowMs: () => performance.now() })
  exchange.engine.checkInvariants()
  await exchange.close()
  return { report, fills: await readText(fillsOut), book5: await readText(book5Out) }
}

describe('replay of commands', () => {
  it('writes the fills and books of a hand-made file exactly', async () => {
    const { report, fills, book5 } = await replay(fixture('stock.commands.csv'))
    expect(fills).to.equal(await readText(fixture('stock.fills.csv')))
    expect(book5).to.equal(await readText(fixture('stock.book5.csv')))
    expect(report).to.include({ commands: 11, fills: 4 })
    expect(report.rejects).to.deep.equal({ unknown_order: 1, quantity_not_reduced: 1 })
    expect(report.beyondBounds.orders).to.equal(0)
  })

  it('compresses what it writes when the name says so', async () => {
    const { fills } = await replay(fixture('stock.commands.csv'), '.gz')
    expect(fills).to.equal(await readText(fixture('stock.fills.csv')))
  })

  it('refuses, tells and survives orders that no market can hold', async () => {
    const { report, fills } = await replay(fixture('coin.commands.csv'))
    expect(report.beyondBounds).to.deep.equal({ orders: 2, firstLine: 5 })
    expect(report.rejects).to.deep.equal({ unknown_order: 1, price_out_of_bounds: 1, quantity_above_maximum: 1 })
    expect(fills).to.equal('seq,maker_id,taker_id,price,qty\n2,1,2,2000000,50000001\n')
  })

  it('runs over a file journal, whose replay leads to the same state', async () => {
    const folder = await temporaryFolder()
    const hashes: string[] = []
    for (const isFirst of [true, false]) {
      const storage = await openFileStorage(folder)
      const exchange = await createExchange(storage)
      const options = { door: exchange, file: fixture('stock.commands.csv'), nowMs: () => performance.now() }
      if (isFirst) expect((await replayCommands(options)).fills).to.equal(4)
      else expect((await rejection(replayCommands(options))).message).to.contain('already holds an exchange')
      hashes.push(exchange.engine.stateHash())
      await exchange.close()
      await storage.close()
    }
    expect(hashes[0]).to.equal(hashes[1])
  })

  it('submits nothing of a file with a malformed line', async () => {
    const exchange = await createExchange(createMemoryStorage())
    const file = await temporaryFile('bad.csv', `${await readText(fixture('stock.commands.csv'))}12,x,C,1,B,1,1,,real,8\n`)
    const error = await rejection(replayCommands({ door: exchange, file, nowMs: () => 0 }))
    expect(error.message).to.contain('bad.csv, line 13: the time is "x"')
    expect(exchange.engine.sequence).to.equal(0)
    await exchange.close()
  })

  it('reproduces every fill and every book of an hour of AAPL on NASDAQ', async function () {
    const file = outsideData('lobster/AAPL_50_hour1.commands.csv.gz')
    if (file === undefined) return this.skip()
    this.timeout(120_000)
    const { report, fills, book5 } = await replay(file)
    const expectedFills = await readText(outsideData('lobster/AAPL_50_hour1.fills.csv.gz')!)
    expect(report.commands).to.equal(89_070)
    expect(fills.trimEnd()).to.equal(expectedFills.trimEnd())
    expect(report.fills).to.equal(4_038)
    const ours = booksBySequence(book5)
    const expected = booksBySequence(await readText(outsideData('lobster/AAPL_50_hour1.book5.csv.gz')!))
    const equal = [...expected].filter(([sequence, book]) => ours.get(sequence) === book).length
    console.log(`      ${report.fills} fills, ${equal} of ${expected.size} books, ${report.commandsPerSecond} commands/s`)
    expect([equal, expected.size]).to.deep.equal([88_955, 88_955])
  })

  it('comes as near to five hours of BTC/USD on Bitstamp as a correct engine can', async function () {
    const file = outsideData('bitstamp/commands.csv.gz')
    if (file === undefined) return this.skip()
    this.timeout(120_000)
    const { report, fills, book5 } = await replay(file)
    expect([report.commands, report.fills]).to.deep.equal([49_972, 519])
    const real = realPrints(fills, await readText(file), await readText(outsideData('bitstamp/trades.csv.gz')!))
    const snapshots = equalSnapshots(book5, await readText(outsideData('bitstamp/book20.jsonl.gz')!))
    console.log(`      ${report.fills} fills, ${real} real prints; best ${snapshots.best}, top five ${snapshots.five} of ${snapshots.all}; ${report.commandsPerSecond} commands/s`)
    expect({ real, ...snapshots }).to.deep.equal({ real: 508, best: 4_971, five: 4_526, all: 5_011 })
  })
})

/** The levels after each command; the last line of a sequence counts. */
function booksBySequence(text: string): Map<string, string> {
  const books = new Map<string, string>()
  for (const line of text.trimEnd().split('\n').slice(1)) {
    const [sequence, , ...levels] = line.split(',')
    books.set(sequence!, levels.join(','))
  }
  return books
}

/** Fills that equal a print by price and amount within five seconds, each print used once. */
function realPrints(fills: string, commands: string, prints: string): number {
  const times = new Map(commands.trimEnd().split('\n').slice(1).map((line) => [line.split(',')[0]!, Number(line.split(',')[1])]))
  const open = new Map<string, number[]>()
  for (const line of prints.trimEnd().split('\n').slice(1)) {
    const [, at, , price, quantity] = line.split(',')
    open.set(`${price},${quantity}`, [...(open.get(`${price},${quantity}`) ?? []), Number(at)])
  }
  return fills.trimEnd().split('\n').slice(1).filter((line) => {
    const [sequence, , , price, quantity] = line.split(',')
    const candidates = open.get(`${price},${quantity}`) ?? []
    const found = candidates.findIndex((at) => Math.abs(at - times.get(sequence!)!) <= 5_000)
    if (found >= 0) candidates.splice(found, 1)
    return found >= 0
  }).length
}

function equalSnapshots(book5: string, snapshots: string): { best: number; five: number; all: number } {
  const books = booksBySequence(book5)
  const counts = { best: 0, five: 0, all: 0 }
  for (const line of snapshots.trimEnd().split('\n')) {
    const { after_seq: sequence, bids, asks } = JSON.parse(line) as { after_seq: number; bids: [number, number][]; asks: [number, number][] }
    const ours = (books.get(String(sequence)) ?? '').split(',')
    const level = (index: number): string => [...bids[index]!, ...asks[index]!].join(',')
    const same = [0, 1, 2, 3, 4].map((index) => ours.slice(index * 4, index * 4 + 4).join(',') === level(index))
    counts.all += 1
    if (ours[0] === String(bids[0]![0]) && ours[2] === String(asks[0]![0])) counts.best += 1
    if (same.every(Boolean)) counts.five += 1
  }
  return counts
}
