import { expect } from 'chai'
import { createServer, type AddressInfo } from 'node:net'
import { once } from 'node:events'
import { checkClock, checkDatabaseClock } from './check-data.js'
import { checkDisk, checkMemory, checkNode } from './check-machine.js'
import { checkPorts } from './check-ports.js'
import { checkServices, servicePlaces } from './check-services.js'
import { checkRecords } from './check-records.js'
import type { Finding } from './finding.js'

const NOW_MS = 1_800_000_000_000
const GB = 1e9

/** Status, and the words, of a finding that must tell what to do unless all is well. */
function told({ status, message, remedy }: Finding): string {
  if ((status === 'ok') !== (remedy === undefined)) throw new Error(`"${message}" says ${remedy === undefined ? 'nothing about what to do' : 'what to do about nothing'}`)
  return `${status}: ${message} ${remedy ?? ''}`
}

describe('the doctor', () => {
  const findings: [string, Finding, string][] = [
    ['an old Node', checkNode('18.20.4'), 'problem: Node.js 18.20.4 is too old. Install 20.19'],
    ['a Node a little too old', checkNode('20.18.9'), 'problem: '],
    ['the oldest Node that works', checkNode('20.19.0'), 'ok: Node.js 20.19.0; 22 or 24 are recommended.'],
    ['a good Node', checkNode('24.1.0'), 'ok: Node.js 24.1.0. '],
    ['enough memory', checkMemory({ totalBytes: 8 * GB, freeBytes: GB, heapLimitBytes: 4 * GB }), 'ok: 8000 MB of memory'],
    ['little memory', checkMemory({ totalBytes: 0.5 * GB, freeBytes: GB, heapLimitBytes: 0.2 * GB }), 'warning: 500 MB'],
    ['a heap beyond the container', checkMemory({ totalBytes: 2 * GB, freeBytes: GB, heapLimitBytes: 4 * GB }), '--max-old-space-size=1200'],
    ['a clock behind the journal', checkClock(NOW_MS + 3_600_000, NOW_MS), 'problem: The last command in the journal is 3600.0 s later'],
    ['a clock that was corrected a little', checkClock(NOW_MS + 1_500, NOW_MS), 'ok: The last command'],
    ['an empty journal', checkClock(0, NOW_MS), 'ok: The journal holds no command yet.'],
    ['a database of another time', checkDatabaseClock(NOW_MS - 8_000, NOW_MS), 'warning: The clock of the database is 8.0 s'],
    ['a database of the same time', checkDatabaseClock(NOW_MS + 30, NOW_MS), 'ok: The clock of the database is 30 ms'],
  ]
  for (const [what, finding, words] of findings) it(`tells of ${what}`, () => expect(told(finding)).to.contain(words))

  it('tells how fast a folder is synced, and when it cannot be written', async () => {
    const limits = { warnBelowMb: 0, readOnlyBelowMb: 0 }
    const [space, sync] = await checkDisk(process.cwd(), limits)
    expect(told(space!)).to.match(/^ok: \d+ MB are free/)
    expect(sync!.message).to.match(/on the disk after \d+\.\d\d ms/)
    const [, unwritable] = await checkDisk(`${process.cwd()}/package.json`, limits)
    expect(told(unwritable!)).to.contain('problem: ').and.to.contain('cannot be written')
    expect(told((await checkDisk(process.cwd(), { warnBelowMb: 1e9, readOnlyBelowMb: 0 }))[0]!)).to.contain('warning: ')
    expect(told((await checkDisk(process.cwd(), { warnBelowMb: 1e9, readOnlyBelowMb: 1e9 }))[0]!)).to.contain('problem: ').and.to.contain('no command is taken')
  })

  it('tells when a port is taken or an address is of another machine, but not of the exchange itself', async () => {
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const look = async (host: string, running = false): Promise<string> =>
      told((await checkPorts([{ what: 'HTTP', host, port }], running ? { pid: 1, url: '', lastCommandMs: 0 } : undefined))[0]!)
    expect(await look('127.0.0.1')).to.contain('problem: ').and.to.contain('is taken by another program')
    expect(await look('192.0.2.1')).to.contain('is not an address of this machine')
    expect(await look('127.0.0.1', true)).to.contain('ok: ')
    server.close()
    await once(server, 'close')
    expect(await look('127.0.0.1')).to.contain('ok: ').and.to.contain('is free')
  })

  it('tells when Redis or the mail server does not answer, and never a password', async () => {
    expect(servicePlaces(undefined, {})).to.deep.equal([])
    const server = createServer().listen(0, '127.0.0.1')
    await once(server, 'listening')
    const { port } = server.address() as AddressInfo
    const look = async (): Promise<string[]> => (await checkServices(servicePlaces(`smtps://acme:hunter2@127.0.0.1:${port}`, { REDIS_URL: `redis://:hunter2@127.0.0.1:${port}/0` }))).map(told)
    expect(await look()).to.deep.equal([`ok: 127.0.0.1:${port} answers. `, `ok: 127.0.0.1:${port} answers. `])
    server.close()
    await once(server, 'close')
    const [redis, mail] = await look()
    expect(redis).to.contain('warning: ').and.to.contain('ECONNREFUSED').and.to.contain('correct REDIS_URL').and.not.to.contain('hunter2')
    expect(mail).to.contain('mails wait').and.not.to.contain('hunter2')
    expect(told((await checkServices(servicePlaces(undefined, { REDIS_URL: 'somewhere' })))[0]!)).to.contain('problem: REDIS_URL is no address')
  })

  it('tells when the database does not answer, and never its password', async () => {
    const [finding] = await checkRecords({ url: 'postgres://acme:hunter2@127.0.0.1:1/acme', file: '' }, '/none')
    expect(told(finding!)).to.contain('problem: Cannot use PostgreSQL at 127.0.0.1:1/acme').and.not.to.contain('hunter2')
  })
})
