import { expect } from 'chai'
import { rejection, temporaryFile } from '../../fixtures/replay/replay-fixtures.js'
import { encodeFlash1 } from '../../fixtures/replay/encode-flash1.js'
import { readFlash1, type Flash1Message } from './flash1-file.js'

const MESSAGE: Flash1Message = { type: 'new', side: 'sell', immediateOrCancel: true, quantity: 7n, sequence: 3n, orderId: '18446744073709551615', price: 101n }

describe('files of flash1 messages', () => {
  it('reads every field of a record', async () => {
    const file = await temporaryFile('one.bin.gz', encodeFlash1([MESSAGE]))
    expect(await drain(readFlash1(file))).to.deep.equal([MESSAGE])
  })

  it('puts records together that lie across blocks of the file', async () => {
    const many = Array.from({ length: 30_000 }, (_, i) => ({ ...MESSAGE, sequence: BigInt(i) }))
    const read = await drain(readFlash1(await temporaryFile('many.bin', encodeFlash1(many))))
    expect(read).to.have.length(30_000)
    expect(read.at(-1)!.sequence).to.equal(29_999n)
  })

  it('refuses another kind of file, another version, a cut file and a record that is none', async () => {
    const good = encodeFlash1([MESSAGE, MESSAGE])
    const broken = (change: (bytes: Buffer) => Buffer): Promise<string> => temporaryFile('broken.bin', change(Buffer.from(good)))
    const message = async (file: Promise<string>): Promise<string> => (await rejection(drain(readFlash1(await file)))).message
    expect(await message(broken((bytes) => bytes.subarray(0, 5)))).to.contain('too short')
    expect(await message(broken((bytes) => (bytes.writeUInt8(0, 0), bytes)))).to.contain('broken.bin is no flash1 file')
    expect(await message(broken((bytes) => (bytes.writeUInt32LE(2, 8), bytes)))).to.contain('version 2')
    expect(await message(broken((bytes) => bytes.subarray(0, -1)))).to.contain('holds 1 messages and 39 bytes of another; its header says 2')
    expect(await message(broken((bytes) => (bytes.writeUInt8(9, 16 + 40), bytes)))).to.contain('message 1: type 9')
  })
})

async function drain(blocks: AsyncIterable<readonly Flash1Message[]>): Promise<Flash1Message[]> {
  const all: Flash1Message[] = []
  for await (const messages of blocks) all.push(...messages)
  return all
}
