import { readFile } from 'node:fs/promises'
import { expect } from 'chai'
import { startGateway } from '../test/running-gateway.js'

describe('the API reference', () => {
  it('lists every route with who may call it, and no other', async () => {
    const running = await startGateway()
    const served = running.gateway.routes.map(({ method, path, access }) => `${method} ${path} ${access === 'public' ? 'anyone' : access}`)
    await running.remove()
    const text = await readFile(new URL('../../../docs/api.md', import.meta.url), 'utf8')
    const documented = [...text.matchAll(/^\| `(GET|POST|PATCH|DELETE) (\S+)` \| ([a-z]+) \|/gm)].map(([, method, path, who]) => `${method} ${path} ${who}`)
    expect(documented).to.have.members(served)
  })
})
