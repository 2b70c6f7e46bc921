import { expect } from 'chai'
import { ROUTES, type RouteName } from '@bourse/client'
import { CALLS, sampleOf } from '../test/route-samples.js'
import { read } from './http/route.js'

describe('the client beside the table of routes', () => {
  for (const name of Object.keys(CALLS) as RouteName[]) {
    it(`asks ${name} as its route says`, async () => {
      const route = ROUTES[name]
      const { method, path, query, body } = await sampleOf(name)
      expect(method).to.equal(route.method)
      const names = [...route.path.matchAll(/:([A-Za-z]+)/g)].map(([, parameter]) => parameter!)
      const match = new RegExp(`^${route.path.replaceAll(/:[A-Za-z]+/g, '([^/?]+)')}(?:\\?.*)?$`).exec(path)
      expect(match, path).to.not.equal(null)
      // What the gateway would refuse throws here.
      read(route.params, Object.fromEntries(names.map((parameter, index) => [parameter, decodeURIComponent(match![index + 1]!)])))
      read(route.query, query)
      read(route.body, body)
    })
  }

  it('has a method for every route', () => {
    expect(Object.keys(CALLS)).to.have.members(Object.keys(ROUTES))
  })
})
