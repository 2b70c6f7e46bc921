import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
import { addressMatcher } from '@bourse/identity'
import { expect } from 'chai'
import { clientAddress, isOwnOrigin, isOwnPage } from './origins.js'

const rules = { allowedOrigins: ['https://exchange.example'] }

describe('origins', () => {
  for (const [origin, host, own] of [
    [undefined, 'localhost:3000', true],
    ['http://localhost:3000', 'localhost:3000', true],
    ['https://exchange.example', '10.0.0.1:3000', true],
    ['http://localhost:3001', 'localhost:3000', false],
    ['http://localhost:3000.evil.example', 'localhost:3000', false],
    ['http://evil.example', 'localhost:3000', false],
    ['null', 'localhost:3000', false],
    ['', 'localhost:3000', false],
    ['http://localhost:3000', undefined, false],
  ] as const) {
    it(`${own ? 'takes' : 'refuses'} the origin ${String(origin)} at ${String(host)}`, () => {
      expect(isOwnOrigin({ ...(origin === undefined ? {} : { origin }), ...(host === undefined ? {} : { host }) }, rules)).to.equal(own)
    })
  }

  it('takes a write with a cookie only from a page that says where it is from', () => {
    expect(isOwnPage({ host: 'localhost:3000' }, rules)).to.equal(false)
    expect(isOwnPage({ host: 'localhost:3000', 'sec-fetch-site': 'cross-site' }, rules)).to.equal(false)
    expect(isOwnPage({ host: 'localhost:3000', 'sec-fetch-site': 'same-origin' }, rules)).to.equal(true)
    expect(isOwnPage({ host: 'localhost:3000', origin: 'http://evil.example', 'sec-fetch-site': 'same-origin' }, rules)).to.equal(false)
  })
})

describe('the address of a caller', () => {
  const request = (peer: string, forwarded?: string): IncomingMessage => {
    const socket = new Socket()
    Object.defineProperty(socket, 'remoteAddress', { value: peer })
    const message = new IncomingMessage(socket)
    if (forwarded !== undefined) message.headers['x-forwarded-for'] = forwarded
    return message
  }
  const proxies = addressMatcher(['127.0.0.1', '10.0.0.0/8'])
  for (const [what, peer, forwarded, address] of [
    ['is not what X-Forwarded-For says when the one who connects is no proxy of our own', '203.0.113.9', '1.1.1.1', '203.0.113.9'],
    ['is what our own proxy saw, whatever the caller wrote before it', '127.0.0.1', '1.1.1.1, 2.2.2.2, 203.0.113.9', '203.0.113.9'],
    ['is what the first of several proxies saw', '::ffff:10.0.0.1', '1.1.1.1, 203.0.113.9, 10.0.0.2', '203.0.113.9'],
    ['is the proxy itself when it says nothing', '127.0.0.1', undefined, '127.0.0.1'],
    ['is never a text that is no address', '127.0.0.1', '<script>', '127.0.0.1'],
    ['is the farthest proxy when all of them are our own', '127.0.0.1', '10.0.0.7, 10.0.0.8', '10.0.0.7'],
  ] as const) {
    it(what, () => expect(clientAddress(request(peer, forwarded), proxies)).to.equal(address))
  }
})
