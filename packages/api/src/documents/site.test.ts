import { REQUESTS, ROUTES, STREAMS } from '@bourse/client'
import { expect } from 'chai'
import { rawRequest } from '../../test/raw-request.js'
import { startGateway, type RunningGateway } from '../../test/running-gateway.js'
import { errorCatalogue } from './error-catalogue.js'

describe('the documentation that the exchange serves', () => {
  let running: RunningGateway
  let page: string
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, presentation: () => ({ ...services.presentation(), brand: { ...services.presentation().brand, name: '<b>Evil & Co</b>' } }) }) })
    page = (await rawRequest(`${running.url}/docs`)).text
  })
  after(async () => {
    expect(running.faults).to.deep.equal([])
    await running.remove()
  })

  it('gives both documents to machines', async () => {
    for (const [path, version] of [['/v1/openapi.json', 'openapi'], ['/v1/asyncapi.json', 'asyncapi']] as const) {
      const answer = await rawRequest(`${running.url}${path}`)
      expect(answer.headers.get('content-type')).to.include('application/json')
      expect(JSON.parse(answer.text)).to.have.property(version).which.matches(/^3\./)
    }
  })

  it('serves every route of the table and no other', () => {
    expect(running.gateway.routes.map(({ contract }) => contract.name)).to.have.members(Object.keys(ROUTES))
  })

  it('has a place for every route, stream, request and error', () => {
    const places = [...Object.keys(ROUTES), ...[...Object.keys(STREAMS), ...Object.keys(REQUESTS)].map((name) => `stream-${name}`), ...[...errorCatalogue().keys()].map((code) => `error-${code}`), 'errors', 'limits']
    for (const place of places) expect(page, place).to.include(` id="${place}"`)
    const linked = new Set([...page.matchAll(/href="#([^"]+)"/g)].map(([, place]) => place!))
    for (const place of linked) expect(page, place).to.include(` id="${place}"`)
  })

  it('loads nothing from elsewhere and runs no script of its own page', () => {
    expect([...page.matchAll(/(?:src|href)="([^"#]+)"/g)].map(([, address]) => address)).to.have.members(['/favicon.svg', '/docs/reference.css', '/docs/reference.js', '/v1/openapi.json', '/v1/asyncapi.json'])
    expect(page).to.not.match(/<script(?![^>]*src=)/).and.to.not.match(/ on[a-z]+="/)
  })

  it('gives its style and its script', async () => {
    for (const file of ['reference.css', 'reference.js']) expect((await rawRequest(`${running.url}/docs/${file}`)).status, file).to.equal(200)
  })

  it('shows the name of the exchange as text', () => {
    expect(page).to.include('&lt;b&gt;Evil &amp; Co&lt;/b&gt;').and.to.not.include('<b>Evil')
  })

  it('is where errors point to', async () => {
    const { error } = await rawRequest(`${running.url}/api/v1/markets/XYZ-USDT/depth`)
    const docs = (error as { docs?: string } | undefined)?.docs ?? ''
    expect(docs).to.equal('/docs#error-unknown_market')
    expect(page).to.include(` id="${docs.slice('/docs#'.length)}"`)
  })
})
