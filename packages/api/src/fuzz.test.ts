import { expect } from 'chai'
import fc from 'fast-check'
import { z } from 'zod'
import type { Route } from './http/route.js'
import { rawRequest } from '../test/raw-request.js'
import { startGateway, type RunningGateway } from '../test/running-gateway.js'

const RUNS_PER_ROUTE = 25 * Number(process.env['BOURSE_TEST_SCALE'] ?? 1)

/** Values that are right somewhere and wrong elsewhere. */
const SAMPLES: readonly unknown[] = [
  'BTC-USDT', 'ETH-USDT', 'BTC', 'USDT', 'XYZ', 'buy', 'sell', 'limit', 'market', 'gtc', 'ioc', 'fok', 'cancel-maker', '1m', '1M', '0', '1', '0.5', '60000.00', '0.00001', '999999999999999999', '1e3', '-1', 'NaN',
  '', ' ', 'null', 'a-1', 'x'.repeat(36), 'x'.repeat(300), '%00', '\u0000', "' or 1=1 --", '${7*7}', '../../etc/passwd', '<script>', '🚀', 0, 1, -1, 1.5, 2 ** 53, 1e300, true, false, null, [], ['BTC-USDT'], {}, { $gt: '' },
]

const value = fc.oneof({ weight: 6, arbitrary: fc.constantFrom(...SAMPLES) }, { weight: 1, arbitrary: fc.jsonValue() })
const text = value.map((any) => (typeof any === 'string' ? any : JSON.stringify(any)))

/** The names that a schema knows, and some that none does. */
function keysOf(schema: z.ZodType): string[] {
  return [...(schema instanceof z.ZodObject ? Object.keys(schema.shape) : []), '__proto__', 'constructor', 'account']
}

function inputFor(route: Route): fc.Arbitrary<{ place: string[]; query: Record<string, string>; body: unknown }> {
  const object = <Value>(keys: string[], values: fc.Arbitrary<Value>): fc.Arbitrary<Record<string, Value>> => fc.dictionary(fc.constantFrom(...keys), values, { maxKeys: keys.length })
  return fc.record({
    place: fc.array(text, { minLength: 2, maxLength: 2 }),
    query: object(keysOf(route.contract.query), text),
    body: fc.oneof({ weight: 6, arbitrary: object(keysOf(route.contract.body), value) }, { weight: 1, arbitrary: fc.jsonValue() }),
  })
}

describe('any input whatever', function () {
  this.timeout(120_000)
  let running: RunningGateway
  let token: string
  before(async () => {
    running = await startGateway({ services: (services) => ({ ...services, isUnlimited: () => true }) })
    token = (await running.trader('ann', { USDT: '1000000', BTC: '10' })).token
  })
  after(() => running.remove())

  it('never brings a route to fail or to show its inside', async () => {
    const seed = Date.now() & 0x7fffffff
    const counts = { accepted: 0, refused: 0 }
    // Logging out and a changed password would leave nothing to try; log-ins are slow on purpose and are tried elsewhere.
    for (const route of running.gateway.routes.filter(({ path }) => !path.startsWith('/auth/') && path !== '/security/password')) {
      await fc.assert(
        fc.asyncProperty(inputFor(route), async ({ place, query, body }) => {
          let index = 0
          const path = route.path.replaceAll(/:[a-zA-Z]+/g, () => encodeURIComponent(place[index++] || 'x'))
          const search = new URLSearchParams(query).toString()
          const answer = await rawRequest(`${running.url}/api/v1${path}${search === '' ? '' : `?${search}`}`, { method: route.method, token, ...(route.method === 'GET' ? {} : { body: JSON.stringify(body) }) })
          expect(answer.status, answer.text).to.be.below(500)
          if (answer.status >= 400) {
            counts.refused++
            expect(answer.error, answer.text).to.include.keys('code', 'message', 'requestId')
          } else {
            counts.accepted++
          }
          expect(answer.text).to.not.match(/\n\s+at |node_modules/)
        }),
        { seed, numRuns: RUNS_PER_ROUTE },
      )
    }
    expect(running.faults).to.deep.equal([])
    expect(counts.refused).to.be.above(counts.accepted)
    console.log(`      seed ${seed}: ${counts.accepted} accepted, ${counts.refused} refused`)
  })
})
