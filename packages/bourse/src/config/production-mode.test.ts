import { expect } from 'chai'
import { randomBytes } from 'node:crypto'
import { ConfigError } from './config-error.js'
import { parseConfig } from './load-project.js'
import { isLoopback, isProduction, productionProblems, refuseUnsafeProduction, trustedProxies } from './production-mode.js'
import type { ExchangeConfig } from './schema.js'

const GOOD = { BOURSE_SECRET_KEY: randomBytes(32).toString('base64') }

function config(change: Record<string, unknown> = {}): ExchangeConfig {
  return parseConfig('x', { brand: { name: 'Acme' }, assets: [{ code: 'BTC' }, { code: 'USDT' }], markets: [{ base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001' }], ...change })
}

describe('production mode', () => {
  it('is what the configuration says, else what NODE_ENV says', () => {
    expect(isProduction(config(), {})).to.equal(false)
    expect(isProduction(config(), { NODE_ENV: 'production' })).to.equal(true)
    expect(isProduction(config({ mode: 'development' }), { NODE_ENV: 'production' })).to.equal(false)
    expect(isProduction(config({ mode: 'production' }), {})).to.equal(true)
  })

  const refused: [string, Record<string, unknown>, string, Record<string, string>, string][] = [
    ['no key for secrets', {}, '127.0.0.1', {}, 'BOURSE_SECRET_KEY: it is missing'],
    ['a key that is too short', {}, '127.0.0.1', { BOURSE_SECRET_KEY: 'c2VjcmV0' }, 'BOURSE_SECRET_KEY: it must be 32 bytes'],
    ['a key of zeros', {}, '127.0.0.1', { BOURSE_SECRET_KEY: Buffer.alloc(32).toString('base64') }, 'BOURSE_SECRET_KEY: it was not drawn at random'],
    ['a key that repeats a word', {}, '127.0.0.1', { BOURSE_SECRET_KEY: Buffer.from('changeme'.repeat(4)).toString('base64') }, 'BOURSE_SECRET_KEY: it was not drawn at random'],
    ['plain HTTP on every address', {}, '0.0.0.0', GOOD, 'server.host: 0.0.0.0'],
    ['plain HTTP on every address of version 6', {}, '::', GOOD, 'server.host: ::'],
    ['plain HTTP on a name of the network', {}, 'exchange.lan', GOOD, 'server.host: exchange.lan'],
    ['an empty list of proxies beyond loopback', { server: { trustedProxies: [] } }, '10.0.0.4', GOOD, 'server.host: 10.0.0.4'],
    ['a public address without TLS', { server: { publicUrl: 'http://acme.example' } }, '127.0.0.1', GOOD, 'server.publicUrl: http://acme.example is plain HTTP'],
    ['a database elsewhere without a password', { database: 'postgres://acme@db.lan/acme' }, '127.0.0.1', GOOD, 'DATABASE_URL: the password'],
    ['a database elsewhere with the password that comes with it', { database: 'postgres://postgres:postgres@db.lan/acme' }, '127.0.0.1', GOOD, 'DATABASE_URL: the password'],
    ['a database whose password is its user', { database: 'postgres://acme:acme@10.0.0.9/acme' }, '127.0.0.1', GOOD, 'DATABASE_URL: the password'],
  ]
  for (const [what, change, host, environment, message] of refused) {
    it(`refuses ${what}`, () => {
      const problems = productionProblems({ config: config(change) }, host, environment)
      expect(problems).to.have.length(1)
      expect(problems[0]).to.contain(message)
      expect(() => refuseUnsafeProduction({ config: config({ ...change, mode: 'production' }), configFile: 'x' }, host, environment)).to.throw(ConfigError, message)
      expect(() => refuseUnsafeProduction({ config: config(change), configFile: 'x' }, host, environment), 'in development').not.to.throw()
    })
  }

  const accepted: [string, Record<string, unknown>, string][] = [
    ['loopback', {}, '127.0.0.1'],
    ['loopback of version 6', {}, '::1'],
    ['a declared proxy in front', { server: { trustedProxies: ['10.0.0.5'] } }, '0.0.0.0'],
    ['a public address with TLS', { server: { publicUrl: 'https://acme.example' } }, 'localhost'],
    ['a database on this machine without a password', { database: 'postgres://postgres@127.0.0.1:5432/acme' }, '127.0.0.1'],
    ['a database elsewhere with a password of its own', { database: 'postgres://acme:qX3-8sP0@db.lan/acme' }, '127.0.0.1'],
  ]
  for (const [what, change, host] of accepted) {
    it(`takes ${what}`, () => expect(productionProblems({ config: config(change) }, host, GOOD)).to.deep.equal([]))
  }

  it('believes proxies of this machine once there is a public address, or those that are named', () => {
    expect(trustedProxies(config())).to.deep.equal([])
    expect(trustedProxies(config({ server: { publicUrl: 'https://acme.example' } }))).to.deep.equal(['127.0.0.0/8', '::1'])
    expect(trustedProxies(config({ server: { trustedProxies: ['10.0.0.0/8'] } }))).to.deep.equal(['10.0.0.0/8'])
    expect(() => config({ server: { trustedProxies: ['proxy.lan'] } })).to.throw(ConfigError, 'server.trustedProxies[0]: must be an address')
  })

  it('knows loopback by its address', () => {
    expect(['localhost', '127.0.0.1', '127.8.8.8', '::1', '0:0:0:0:0:0:0:1'].filter((host) => !isLoopback(host))).to.deep.equal([])
    expect(['0.0.0.0', '::', '10.0.0.1', '127.0.0.1.example'].filter(isLoopback)).to.deep.equal([])
  })
})
