/** `exchange start` in production mode, as a process: refused where unsafe, a log of JSON, an end by one signal or two. */
import { expect } from 'chai'
import { spawn, type ChildProcess } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { connect } from 'node:net'
import path from 'node:path'
import { startCommand } from '../../packages/bourse/src/cli/start-command.js'
import { ROOT } from '../architecture/source-imports.js'
import { temporaryProject } from '../e2e/running-exchange.js'

const COMMAND = path.join(ROOT, 'packages/bourse/bin/exchange.js')
const KEY = { BOURSE_SECRET_KEY: randomBytes(32).toString('base64') }

describe('exchange start in production', function () {
  this.timeout(90_000)
  let project: Awaited<ReturnType<typeof temporaryProject>>
  before(async () => (project = await temporaryProject((config) => config.replace(/\n {2}simulator: .*\n/, '\n').replace('defineExchange({', "defineExchange({\n  mode: 'production',"))))
  after(() => project.remove())

  interface Started {
    readonly child: ChildProcess
    readonly lines: string[]
    readonly errors: string[]
    /** Resolves with the entry of the log that has this message, or when the process ends. */
    said(message: string): Promise<Record<string, unknown> | undefined>
  }

  function start(env: NodeJS.ProcessEnv, ...flags: string[]): Started {
    const { DATABASE_URL: _database, NODE_OPTIONS: _options, BOURSE_SECRET_KEY: _key, ...environment } = process.env
    const child = spawn(process.execPath, [COMMAND, 'start', '--project', project.dir, '--data', project.data, '--port', '0', ...flags], { env: { ...environment, ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
    const lines: string[] = []
    const errors: string[] = []
    let rest = ''
    let look = (): void => undefined
    child.stdout.on('data', (chunk: Buffer) => {
      const parts = (rest + chunk.toString('utf8')).split('\n')
      rest = parts.pop() ?? ''
      lines.push(...parts)
      look()
    })
    child.stderr.on('data', (chunk: Buffer) => errors.push(chunk.toString('utf8')))
    const said = (message: string): Promise<Record<string, unknown> | undefined> =>
      new Promise((resolve) => {
        look = () => {
          const entry = lines.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ msg }) => msg === message)
          if (entry !== undefined) resolve(entry)
        }
        look()
        child.once('close', () => resolve(undefined))
      })
    return { child, lines, errors, said }
  }

  it('refuses what is unsafe, and names every reason at once', async () => {
    const message = await startCommand({ project: project.dir, data: project.data, host: '0.0.0.0' }).then(() => 'started', (error: Error) => error.message)
    expect(message).to.contain('BOURSE_SECRET_KEY: it is missing').and.to.contain('server.host: 0.0.0.0')
  })

  it('tells all it has to tell in lines of JSON, and ends in order by a signal', async () => {
    const { child, lines, errors, said } = start({ ...KEY })
    const ready = await said('ready')
    expect(ready, errors.join('')).to.include({ level: 'info' })
    const answer = await fetch(`${String(ready?.['url'])}/api/v1/exchange`)
    expect(answer.headers.get('strict-transport-security')).to.contain('max-age')
    child.kill('SIGTERM')
    await once(child, 'close')
    expect(child.exitCode, errors.join('')).to.equal(0)
    expect(lines.map((line) => (JSON.parse(line) as { msg: string }).msg)).to.include.members(['starting', 'ready', 'stopped; everything is on disk'])
    expect(errors).to.deep.equal([])
  })

  it('ends at once by a second signal', async () => {
    const { child, said, errors, lines } = start({ ...KEY })
    const ready = await said('ready')
    expect(ready, errors.join('')).not.to.equal(undefined)
    // A request that is never finished keeps the exchange draining.
    const slow = connect(Number(new URL(String(ready?.['url'])).port), '127.0.0.1')
    slow.on('error', () => undefined)
    slow.write('POST /api/v1/auth/log-in HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 100\r\n\r\n{')
    while (!(await (await fetch(`${String(ready?.['url'])}/metrics`)).text()).includes('bourse_http_requests_in_flight 1\n')) await new Promise(setImmediate)
    child.kill('SIGTERM')
    await said('stopping: what has begun is finished, nothing new is taken')
    // Under npm one Ctrl-C arrives twice: a second signal counts only after a while.
    const again = setInterval(() => child.kill('SIGTERM'), 50)
    await once(child, 'close')
    clearInterval(again)
    slow.destroy()
    expect(child.exitCode).to.equal(1)
    expect(lines.at(-1)).to.contain('stopped at once by a second signal')
  })
})
