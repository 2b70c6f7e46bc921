/** The files in docs/deploy are what they say: parsed here, and tried for real with the proxies that this machine has. */
import { expect } from 'chai'
import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import https from 'node:https'
import os from 'node:os'
import path from 'node:path'
import { io } from 'socket.io-client'
import { parse } from 'yaml'
import { readTemplate } from '../../cli/src/template-folder.js'
import { ROOT } from '../architecture/source-imports.js'
import { freePort } from '../scaffold/free-port.js'
import { serveForTest, type ServedExchange } from './served-exchange.js'

const DIR = path.join(ROOT, 'docs/deploy')
const read = (name: string): string => readFileSync(path.join(DIR, name), 'utf8')
const has = (program: string): boolean => {
  try {
    execFileSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

/** What stands in a project folder once its packages are installed. */
const PROJECT_FILES = [...readTemplate('default').files.map(({ target }) => target), 'package-lock.json']
const isInProject = (name: string): boolean => PROJECT_FILES.some((file) => file === name || file.startsWith(`${name}/`))
/** The command of the exchange, as a project finds it. */
const COMMAND = /node_modules\/@bourse\/bourse\/(\S+?\.js)/

describe('the files for a deployment', () => {
  const page = readFileSync(path.join(ROOT, 'docs/deploy.md'), 'utf8')

  it('are named by the guide', () => {
    for (const name of ['nginx.conf', 'Caddyfile', 'exchange.service', 'Dockerfile', 'dockerignore', 'compose.yml']) expect(page, name).to.contain(`deploy/${name})`)
  })

  it('copy into the container what a project has, and start what the package has', () => {
    const instructions = read('Dockerfile')
      .replace(/\\\n/g, ' ')
      .split('\n')
      .filter((line) => line.trim() !== '' && !line.startsWith('#'))
      .map((line) => /^([A-Z]+) +(.*)$/.exec(line))
    expect(instructions.every((match) => match !== null && ['FROM', 'RUN', 'WORKDIR', 'COPY', 'ENV', 'USER', 'VOLUME', 'EXPOSE', 'STOPSIGNAL', 'HEALTHCHECK', 'CMD'].includes(match[1]!)), 'instructions').to.equal(true)
    const copied = instructions.flatMap((match) => (match?.[1] === 'COPY' && !match[2]!.startsWith('--from') ? match[2]!.split(/ +/).slice(0, -1) : []))
    expect(copied).to.include.members(['exchange.config.ts', 'brand', 'plugins'])
    expect(copied.filter((name) => !isInProject(name))).to.deep.equal([])
    expect(copied).not.to.include('.env')
    expect(read('dockerignore').split('\n')).to.include('.env')
    for (const match of instructions) if (match?.[1] === 'CMD') expect(JSON.parse(match[2]!)).to.be.an('array')
    for (const name of ['Dockerfile', 'exchange.service']) expect(existsSync(path.join(ROOT, 'packages/bourse', COMMAND.exec(read(name))![1]!)), name).to.equal(true)
  })

  it('put exchange, database and proxy together', () => {
    const { services, networks, volumes } = parse(read('compose.yml')) as { services: Record<string, Record<string, unknown>>; networks: Record<string, { ipam: { config: { subnet: string }[] } }>; volumes: object }
    expect(Object.keys(services)).to.deep.equal(['exchange', 'database', 'proxy'])
    expect(Object.entries(services).filter(([, service]) => 'ports' in service).map(([name]) => name), 'reached from outside').to.deep.equal(['proxy'])
    for (const service of Object.values(services)) {
      for (const volume of service['volumes'] as string[]) if (!volume.startsWith('.')) expect(Object.keys(volumes)).to.include(volume.split(':')[0])
      for (const network of service['networks'] as string[]) expect(Object.keys(networks)).to.include(network)
    }
    expect(page).to.contain(`trustedProxies: ['${networks['inside']!.ipam.config[0]!.subnet}']`)
  })

  it('are a unit that systemd takes', function () {
    if (!has('systemd-analyze')) {
      console.log('      skipped: there is no systemd-analyze here')
      this.skip()
    }
    execFileSync('systemd-analyze', ['verify', path.join(DIR, 'exchange.service')], { stdio: 'pipe' })
  })

  it('become units for an engine and its gateways by the commands of the guide', () => {
    const dir = mkdtempSync(path.join(os.tmpdir(), 'bourse-units-'))
    try {
      writeFileSync(path.join(dir, 'exchange.service'), read('exchange.service'))
      const commands = page.match(/^sed .*$/gm) ?? []
      expect(commands).to.have.length(2)
      for (const command of commands) execFileSync('sh', ['-c', command], { cwd: dir })
      const startOf = (unit: string): string => /^ExecStart=.*exchange\.js (.*)$/m.exec(readFileSync(path.join(dir, unit), 'utf8'))?.[1] ?? ''
      expect(startOf('exchange-engine.service')).to.equal('start --role engine --project /srv/exchange --data /var/lib/exchange')
      expect(startOf('exchange-gateway@.service')).to.equal('start --role gateway --port %i --project /srv/exchange --data /var/lib/exchange')
      if (has('systemd-analyze')) execFileSync('systemd-analyze', ['verify', path.join(dir, 'exchange-engine.service')], { stdio: 'pipe' })
    } finally {
      rmSync(dir, { recursive: true })
    }
  })
})

/** A proxy with the configuration of the guide, for names and ports of this machine. */
interface Proxy {
  readonly name: string
  /** Writes the configuration into a folder and returns the command that runs it. */
  prepare(dir: string, ports: { readonly http: number; readonly https: number; readonly exchange: number }): string[]
}

const PROXIES: readonly Proxy[] = [
  {
    name: 'nginx',
    prepare(dir, ports) {
      execFileSync('openssl', ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=exchange.example', '-keyout', path.join(dir, 'key.pem'), '-out', path.join(dir, 'cert.pem')], { stdio: 'ignore' })
      const site = read('nginx.conf')
        .replace(/ *listen \[::\].*\n/g, '')
        .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
        .replace('listen 443', `listen 127.0.0.1:${ports.https}`)
        .replace('127.0.0.1:3000', `127.0.0.1:${ports.exchange}`)
        .replace(/ssl_certificate .*;/, `ssl_certificate ${dir}/cert.pem;`)
        .replace(/ssl_certificate_key .*;/, `ssl_certificate_key ${dir}/key.pem;`)
      writeFileSync(path.join(dir, 'nginx.conf'), `daemon off;\nmaster_process off;\npid ${dir}/pid;\nerror_log stderr;\nevents {}\nhttp {\naccess_log off;\n${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path ${dir}/${kind};`).join('\n')}\n${site}\n}\n`)
      return ['nginx', '-c', path.join(dir, 'nginx.conf'), '-e', 'stderr']
    },
  },
  {
    name: 'caddy',
    prepare(dir, ports) {
      const site = read('Caddyfile').replace('127.0.0.1:3000', `127.0.0.1:${ports.exchange}`).replace('exchange.example {', 'exchange.example {\n\ttls internal\n\tbind 127.0.0.1')
      writeFileSync(path.join(dir, 'Caddyfile'), `{\n\tadmin off\n\tskip_install_trust\n\thttp_port ${ports.http}\n\thttps_port ${ports.https}\n\tstorage file_system ${dir}/storage\n}\n${site}`)
      return ['caddy', 'run', '--adapter', 'caddyfile', '--config', path.join(dir, 'Caddyfile')]
    },
  },
]

for (const proxy of PROXIES) {
  describe(`an exchange behind ${proxy.name}, as the guide sets it up`, function () {
    this.timeout(60_000)
    let served: ServedExchange
    let child: ChildProcess
    let dir: string
    let port: number
    before(async function () {
      for (const command of [proxy.name, 'openssl']) {
        if (has(command)) continue
        console.log(`    skipped: there is no ${command} here`)
        this.skip()
      }
      dir = mkdtempSync(path.join(os.tmpdir(), `bourse-${proxy.name}-`))
      served = await serveForTest((config) => config.replace('defineExchange({', "defineExchange({\n  server: { publicUrl: 'https://exchange.example' },"))
      port = await freePort()
      const [command = '', ...args] = proxy.prepare(dir, { http: await freePort(), https: port, exchange: Number(new URL(served.url).port) })
      child = spawn(command, args, { stdio: ['ignore', 'ignore', 'pipe'], env: { ...process.env, HOME: dir, XDG_CONFIG_HOME: dir, XDG_DATA_HOME: dir } })
      let printed = ''
      child.stderr?.on('data', (chunk: Buffer) => (printed += chunk.toString('utf8')))
      for (let attempt = 0; (await request('/health').catch(() => undefined))?.status !== 200; attempt++) {
        if (child.exitCode !== null || attempt > 200) throw new Error(`${proxy.name} does not serve:\n${printed}`)
        await new Promise((resolve) => setTimeout(resolve, 50))
      }
    })
    after(async () => {
      if (child === undefined) return
      const ended = child.exitCode === null ? once(child, 'exit') : undefined
      child.kill('SIGKILL')
      await ended
      await served.remove()
      rmSync(dir, { recursive: true })
    })

    function request(place: string, { method = 'GET', headers = {}, body }: { method?: string; headers?: Record<string, string>; body?: string } = {}): Promise<{ status: number; headers: Record<string, unknown>; text: string }> {
      return new Promise((resolve, reject) => {
        const sent = https.request({ host: '127.0.0.1', port, servername: 'exchange.example', path: place, method, headers: { host: 'exchange.example', ...headers }, rejectUnauthorized: false }, (answer) => {
          let text = ''
          answer.on('data', (chunk: Buffer) => (text += chunk.toString('utf8')))
          answer.on('end', () => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, text }))
        })
        sent.on('error', reject)
        sent.end(body)
      })
    }

    it('serves pages, the API and sockets over TLS', async () => {
      expect((await request('/')).text).to.contain('<title>Bourse Demo')
      const signedUp = await request('/api/v1/auth/sign-up', { method: 'POST', headers: { 'content-type': 'application/json', origin: 'https://exchange.example' }, body: JSON.stringify({ email: 'proxied@example.com', password: 'correct horse battery' }) })
      expect(signedUp.status, signedUp.text).to.equal(201)
      expect(String(signedUp.headers['set-cookie'])).to.match(/^__Host-session=.*; Secure/)
      const socket = io(`https://127.0.0.1:${port}`, { path: '/api/v1/stream', transports: ['websocket'], reconnection: false, rejectUnauthorized: false, extraHeaders: { host: 'exchange.example' } })
      await new Promise<void>((resolve, reject) => socket.once('connect', resolve).once('connect_error', reject))
      const answer = (await socket.emitWithAck('subscribe', { channel: 'depth', market: 'BTC-USDT' })) as { ok: boolean }
      expect(answer.ok).to.equal(true)
      socket.disconnect()
    })

    it('is told the address of callers, whatever they say themselves, under the id of the proxy', async () => {
      const answer = await request('/api/v1/markets/FORGED-ONE/ticker', { headers: { 'x-forwarded-for': '203.0.113.66', forwarded: 'for=203.0.113.66', 'x-real-ip': '203.0.113.66', 'x-request-id': 'chosen-by-a-caller' } })
      const id = String(answer.headers['x-request-id'])
      expect(id).to.match(/^[0-9a-f-]{32,36}$/)
      const entry = served.log.map((line) => JSON.parse(line) as Record<string, unknown>).find(({ requestId }) => requestId === id)
      expect(entry).to.include({ address: '127.0.0.1', status: 404 })
      expect(served.log.join('')).not.to.contain('203.0.113.66').and.not.to.contain('chosen-by-a-caller')
    })

    it('keeps the addresses of its operators inside', async () => {
      expect([(await request('/metrics')).status, (await request('/ready')).status]).to.deep.equal([404, 404])
      expect((await fetch(`${served.url}/metrics`)).status).to.equal(200)
    })
  })
}
