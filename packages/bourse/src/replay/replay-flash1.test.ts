import { createExchange, createMemoryStorage } from '@bourse/exchange'
import { expect } from 'chai'
import path from 'node:path'
import { encodeFlash1 } from '../../fixtures/replay/encode-flash1.js'
import { outsideData, readText, rejection, temporaryFile, temporaryFolder } from '../../fixtures/replay/replay-fixtures.js'
import type { Flash1Message } from './flash1-file.js'
import { replayFlash1, type Flash1ReplayReport } from './replay-flash1.js'

async function replay(file: string): Promise<{ report: Flash1ReplayReport; reports: string }> {
  const reportsOut = path.join(await temporaryFolder(), 'reports.txt')
  const exchange = await createExchange(createMemoryStorage())
  try {
    const report = await replayFlash1({ door: exchange, file, reportsOut, nowMs: () => performance.now() })
    return { report, reports: await readText(reportsOut) }
  } finally {
    await exchange.close()
  }
}

let sequence = 0n
function message(type: Flash1Message['type'], orderId: string, fields: Partial<Flash1Message> = {}): Flash1Message {
  return { type, orderId, side: 'buy', immediateOrCancel: false, quantity: 10n, price: 100n, sequence: sequence++, ...fields }
}

describe('replay of flash1 messages', () => {
  beforeEach(() => {
    sequence = 0n
  })

  it('reports acknowledgements, trades, cancels, modifies and refusals as the benchmark does', async () => {
    const { reports, report } = await replay(
      await temporaryFile(
        'made.bin',
        encodeFlash1([
          message('new', '1', { side: 'sell' }),
          message('new', '2', { side: 'sell', quantity: 5n }),
          message('new', '3', { quantity: 12n, price: 101n }),
          message('modify', '2', { side: 'sell', quantity: 4n, price: 102n }),
          message('new', '4', { quantity: 9n, price: 102n, immediateOrCancel: true }),
          message('new', '5', { quantity: 6n, price: 99n }),
          message('new', '6', { side: 'sell', quantity: 2n, price: 103n }),
          message('modify', '5', { quantity: 8n, price: 104n }),
          message('cancel', '5', { price: 99n }),
          message('cancel', '6'),
          message('modify', '1', { side: 'sell' }),
          message('new', '6', { side: 'sell', quantity: 1n, price: 105n }),
          message('modify', '6', { side: 'sell', quantity: 3n, price: 105n, immediateOrCancel: true }),
        ]),
      ),
    )
    expect(reports.split('\n')).to.deep.equal([
      '0,0,1,1,100,10',
      '0,1,1,2,100,5',
      '0,2,0,3,101,12',
      '1,2,100,10,1,3',
      '1,2,100,2,2,3',
      '3,3,1,2,102,4',
      '0,4,0,4,102,9',
      '1,4,102,4,2,4',
      '2,4,0,4,102',
      '0,5,0,5,99,6',
      '0,6,1,6,103,2',
      '1,7,103,2,6,5',
      '3,7,0,5,104,8',
      '2,8,0,5,104',
      '4,9,6',
      '5,10,1',
      '0,11,1,6,105,1',
      '2,12,1,6,105',
      '3,12,1,6,105,3',
    ])
    expect(report).to.include({ messages: 13, reports: 19, trades: 4 })
  })

  it('refuses prices and quantities that no order has, naming the message', async () => {
    const file = await temporaryFile('zero.bin', encodeFlash1([message('new', '1', { price: 0n })]))
    expect((await rejection(replay(file))).message).to.contain('Message 0 has price 0')
  })

  for (const name of ['small_normal_seed7_n20000', 'small_flash-crash_seed7_n20000']) {
    it(`writes the whole report stream of ${name} byte for byte`, async function () {
      const file = outsideData(`flash1/${name}.bin.gz`)
      if (file === undefined) return this.skip()
      this.timeout(120_000)
      const { reports, report } = await replay(file)
      expect(reports).to.equal(await readText(outsideData(`flash1/${name}.reports.txt.gz`)!))
      console.log(`      ${report.reports} report lines, ${report.messagesPerSecond} messages/s`)
    })
  }
})
