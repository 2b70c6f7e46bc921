import { IncomingMessage } from 'node:http'
import { Socket } from 'node:net'
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
  const request = (forwarded: string): IncomingMessage => {
    const message = new IncomingMessage(new Socket())
    message.headers['x-forwarded-for'] = forwarded
    return message
  }
  it('is not what X-Forwarded-For says when no proxy of our own stands in front', () => {
    expect(clientAddress(request('203.0.113.9'), 0)).to.equal('unknown')
  })
  it('is what our own proxy saw, whatever the caller wrote before it', () => {
    expect(clientAddress(request('1.1.1.1, 2.2.2.2, 203.0.113.9'), 1)).to.equal('203.0.113.9')
    expect(clientAddress(request('1.1.1.1, 203.0.113.9, 10.0.0.2'), 2)).to.equal('203.0.113.9')
  })
})
