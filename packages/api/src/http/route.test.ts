import { expect } from 'chai'
import { z } from 'zod'
import { createEngine } from '@bourse/core'
import { createApiRouter } from './api-router.js'
import { Admission } from './admission.js'
import { ApiFailure } from './failures.js'
import { MemoryRateLimits } from './rate-limits.js'
import { RouteServer } from './route-server.js'
import { SignedRequests } from './signed-requests.js'
import { defineRoute, read, type Route } from './route.js'
import { SessionCookie } from './session-cookie.js'

describe('the table of routes', () => {
  const cookie = new SessionCookie(false)
  const server = () => new RouteServer({
    accounts: { actingFor: async (userId) => userId },
    answers: { claim: () => Promise.reject(new Error('unused')), answered: async () => undefined, forget: async () => undefined, prune: async () => undefined },
    admission: new Admission({
      identity: { sessionByToken: async () => undefined },
      port: { submit: () => Promise.reject(new Error('unused')), catalog: emptyCatalog },
      signatures: new SignedRequests({ check: () => Promise.reject(new Error('unused')) }, () => 0),
      cookie,
      proxies: () => false,
      isUnlimited: () => false,
    }),
    limits: new MemoryRateLimits(() => 0),
    cookie,
    deviceCookie: new SessionCookie(false, 'device'),
    isProved: () => true,
    isOperatorSafe: async () => true,
    origins: { allowedOrigins: [] },
    proxies: () => false,
    now: () => 0,
    newRequestId: () => 'r',
    log: { info: () => undefined, error: () => undefined },
  })
  const emptyCatalog = createEngine().catalog
  const route = defineRoute({ method: 'GET', path: '/x', access: 'public', budget: 'read', handle: () => ({}) })

  it('does not start with a route whose access policy is missing or unknown', () => {
    const { access: _, ...rest } = route
    // @ts-expect-error a route without a policy is no route.
    const without: Route = rest
    // @ts-expect-error nor is one with an invented policy.
    const invented: Route = { ...route, access: 'everyone' }
    expect(() => createApiRouter([without], server())).to.throw('The route GET /x declares the access policy "undefined"')
    expect(() => createApiRouter([invented], server())).to.throw('declares the access policy "everyone"')
  })

  it('does not start with an operator\'s route that names no role, or another one that names some', () => {
    for (const access of ['public', 'operator'] as const) {
      const wrong = defineRoute({ method: 'GET', path: '/x', access, roles: access === 'public' ? ['admin'] : [], budget: 'read', handle: () => ({}) })
      expect(() => createApiRouter([wrong], server())).to.throw('must name roles exactly when')
    }
  })

  it('does not start with two routes of one address', () => {
    expect(() => createApiRouter([route, route], server())).to.throw('GET /x is declared twice')
  })
})

describe('reading input', () => {
  const schema = z.strictObject({ price: z.string().regex(/^[0-9]+$/, 'must be digits'), password: z.string().min(3).optional() })
  const failure = (input: unknown): ApiFailure => {
    try {
      read(schema, input)
    } catch (error) {
      if (error instanceof ApiFailure) return error
      throw error
    }
    throw new Error('The input should have been refused.')
  }

  it('names the field, the rule and the value', () => {
    expect(failure({ price: '1e3' })).to.include({ status: 400, code: 'invalid_request', field: 'price', message: 'price: must be digits; got "1e3".' })
  })

  it('never repeats a password', () => {
    expect(failure({ price: '1', password: 'ab' }).message).to.not.include('ab"')
  })

  it('shortens what is long', () => {
    expect(failure({ price: 'x'.repeat(10_000) }).message.length).to.be.below(200)
  })

  it('refuses keys that nobody asked for, __proto__ included', () => {
    expect(failure(JSON.parse('{"price":"1","__proto__":{"admin":true}}')).status).to.equal(400)
    expect(failure({ price: '1', extra: 1 }).message).to.include('extra')
  })
})
