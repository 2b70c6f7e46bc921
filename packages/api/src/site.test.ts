import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { expect } from 'chai'
import { rawRequest } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const LOGO = '<svg xmlns="http://www.w3.org/2000/svg"/>'

describe('the pages of the exchange', () => {
  let running: RunningGateway
  let terminalDir: string
  before(async () => {
    terminalDir = await mkdtemp(path.join(os.tmpdir(), 'bourse-terminal-'))
    await mkdir(path.join(terminalDir, 'assets'))
    await writeFile(path.join(terminalDir, 'index.html'), '<html lang="%BRAND_LANG%"><title>%BRAND_NAME%</title></html>')
    await writeFile(path.join(terminalDir, 'assets', 'main-abc123.js'), 'export {}')
    await writeFile(path.join(terminalDir, 'favicon.svg'), LOGO)
    await writeFile(path.join(terminalDir, '.secret'), 'secret')
    running = await startGateway({ services: (services) => ({ ...services, terminalDir, logo: { contentType: 'image/svg+xml', bytes: Buffer.from(LOGO) } }) })
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
    await rm(terminalDir, { recursive: true })
  })
  const get = (place: string) => rawRequest(`${running.url}${place}`)

  it('serve the terminal under the brand at the root and at every place inside it', async () => {
    for (const place of ['/', '/index.html', '/trade/BTC-USDT', '/wallet']) {
      const page = await get(place)
      expect(page.status, place).to.equal(200)
      expect(page.text).to.equal('<html lang="en"><title>Test Exchange</title></html>')
      expect(page.headers.get('cache-control')).to.equal('no-cache')
    }
  })

  it('let browsers keep hashed files for ever, and nothing else', async () => {
    expect((await get('/assets/main-abc123.js')).headers.get('cache-control')).to.equal('public, max-age=31536000, immutable')
    expect((await get('/favicon.svg')).headers.get('cache-control')).to.equal('no-cache')
  })

  it('show the logo, which may run nothing', async () => {
    const logo = await get('/brand/logo.svg')
    expect(logo.text).to.equal(LOGO)
    expect(logo.headers.get('content-type')).to.include('image/svg+xml')
    expect(logo.headers.get('content-security-policy')).to.include('sandbox').and.to.include("default-src 'none'")
  })

  it('serve no file outside, no hidden file, and no page in place of a missing file', async () => {
    for (const place of ['/assets/old-hash.js', '/assets/', '/.secret', '/..%2f..%2fpackage.json', '/assets/..%2f.secret', '/missing.js', '/brand/other.svg', '/%ff.js']) {
      const answer = await get(place)
      expect(answer.status, place).to.be.within(400, 404)
      expect(answer.text, place).to.not.include('secret')
    }
  })
})
