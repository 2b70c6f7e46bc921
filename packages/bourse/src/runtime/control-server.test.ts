import { expect } from 'chai'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { askRunningExchange, NotRunningError } from './control-client.js'
import { startControlServer, type ControlHandler, type ControlServer } from './control-server.js'

describe('the control socket', () => {
  let dir: string
  let socketPath: string
  let server: ControlServer | undefined
  beforeEach(async () => {
    dir = await mkdtemp(path.join(os.tmpdir(), 'bourse-control-'))
    socketPath = path.join(dir, 'control.sock')
  })
  afterEach(async () => {
    await server?.close()
    server = undefined
    await rm(dir, { recursive: true })
  })
  const listen = async (handler: ControlHandler): Promise<void> => {
    server = await startControlServer(socketPath, handler)
  }
  const failure = (promise: Promise<unknown>): Promise<Error> => promise.then(() => expect.fail('should have been refused'), (error: Error) => error)

  it('carries a request, its progress and its result', async () => {
    await listen(async (request, progress) => {
      progress(0.5)
      return { asked: request.command }
    })
    const seen: unknown[] = []
    const result = await askRunningExchange(dir, socketPath, { command: 'status' }, (value) => seen.push(value))
    expect(result).to.deep.equal({ asked: 'status' })
    expect(seen).to.deep.equal([0.5])
  })

  it('carries a refusal in the words of the exchange', async () => {
    await listen(() => Promise.reject(new Error('There is no market X-Y.')))
    expect((await failure(askRunningExchange(dir, socketPath, { command: 'status' }))).message).to.equal('There is no market X-Y.')
  })

  it('says so when nothing runs', async () => {
    expect(await failure(askRunningExchange(dir, socketPath, { command: 'status' }))).to.be.instanceOf(NotRunningError)
  })

  it('tells the work when the asker has gone', async () => {
    const aborted = new Promise<void>((resolve) => {
      void listen((_request, _progress, signal) => new Promise((finish) => signal.addEventListener('abort', () => (resolve(), finish(undefined))))).then(async () => {
        const { connect } = await import('node:net')
        const socket = connect(socketPath, () => {
          socket.write('{"command":"status"}\n')
          setImmediate(() => socket.destroy())
        })
      })
    })
    await aborted
  })

  it('can be opened by its owner only', async () => {
    await listen(async () => undefined)
    expect((await stat(socketPath)).mode & 0o077).to.equal(0)
  })
})
