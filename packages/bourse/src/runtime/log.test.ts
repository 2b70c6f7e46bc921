import { expect } from 'chai'
import { createLog, type Logger } from './log.js'

const SECRET = 'hunter2-0a1b2c3d4e5f'

/** A log in memory, as JSON. */
function logged(write: (log: Logger) => void, environment: Record<string, string> = {}): string[] {
  const lines: string[] = []
  write(createLog({ production: true, environment: { BOURSE_LOG_LEVEL: 'trace', ...environment }, destination: { write: (line) => void lines.push(line) } }))
  return lines
}

describe('the log', () => {
  it('is one line of JSON for each entry in production', () => {
    const lines = logged((log) => {
      log.info({ market: 'BTC-USDT', amount: 5n }, 'a line\nbreak')
      log.error({ err: new Error('broken', { cause: new Error('deeper') }) }, 'failed')
    })
    expect(lines.map((line) => line.trimEnd().includes('\n'))).to.deep.equal([false, false])
    const [info, error] = lines.map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(info).to.include({ level: 'info', msg: 'a line\nbreak', market: 'BTC-USDT', amount: '5' })
    expect(String(info?.['time'])).to.match(/^\d{4}-\d\d-\d\dT.*Z$/)
    expect(error).to.have.nested.include({ 'err.message': 'broken', 'err.cause.message': 'deeper' })
  })

  it('is made for people in development', () => {
    const lines: string[] = []
    createLog({ production: false, environment: {}, destination: { write: (line) => void lines.push(line) } }).info({ port: 3000 }, 'listening')
    expect(lines.join('')).to.contain('INFO: listening').and.to.contain('"port":3000').and.not.to.match(/^\{/)
  })

  it('is written from the level of the environment on', () => {
    expect(logged((log) => (log.debug('a'), log.info('b'), log.error('c')), { BOURSE_LOG_LEVEL: 'error' })).to.have.length(1)
    expect(() => createLog({ production: true, environment: { BOURSE_LOG_LEVEL: 'loud' } })).to.throw('BOURSE_LOG_LEVEL: "loud" is none of trace, debug')
    expect(() => createLog({ production: true, environment: { BOURSE_LOG_FORMAT: 'xml' } })).to.throw('BOURSE_LOG_FORMAT: "xml" is none of json, pretty')
  })

  const hidden: [string, (log: Logger) => void][] = [
    ['a password', (log) => log.info({ password: SECRET }, 'x')],
    ['a password in another spelling', (log) => log.info({ newPassword: SECRET, old_password: SECRET, passphrase: SECRET }, 'x')],
    ['a field at any depth', (log) => log.info({ request: { body: [{ credentials: { apiSecret: SECRET } }] } }, 'x')],
    ['headers', (log) => log.info({ headers: { authorization: `Bearer ${SECRET}`, cookie: `session=${SECRET}`, 'x-api-signature': SECRET, 'set-cookie': [`__Host-session=${SECRET}`] } }, 'x')],
    ['a token in a text', (log) => log.info(`Authorization: Bearer ${SECRET}`)],
    ['a cookie in a text', (log) => log.info(`the cookie was __Host-session=${SECRET}; Path=/`)],
    ['JSON in a text', (log) => log.info(`refused {"email":"a@b.example","password":"${SECRET}"}`)],
    ['an address with a password', (log) => log.info(`cannot reach postgres://acme:${SECRET}@db.lan/acme`)],
    ['a query', (log) => log.info(`GET /reset?token=${SECRET}&code=${SECRET}`)],
    ['the message and stack of an error', (log) => log.error({ err: new Error(`at postgres://u:${SECRET}@h/d`) }, 'x')],
    ['the cause of an error', (log) => log.error({ err: new Error('outer', { cause: { token: SECRET } }) }, 'x')],
    ['a code that somebody typed', (log) => log.info({ code: '123456', totpCode: SECRET, recoveryCodes: [SECRET] }, 'x')],
  ]
  for (const [what, write] of hidden) {
    it(`hides ${what}`, () => {
      const text = logged(write).join('')
      expect(text).to.contain('[redacted]').and.not.to.contain(SECRET).and.not.to.contain('123456')
    })
  }

  it('keeps what is no secret', () => {
    const text = logged((log) => log.info({ code: 'insufficient_balance', err: Object.assign(new Error('full'), { code: 'ENOSPC' }), url: 'http://localhost:3000/trade?market=BTC-USDT' }, 'passed the market on')).join('')
    expect(text).to.contain('insufficient_balance').and.to.contain('ENOSPC').and.to.contain('market=BTC-USDT').and.to.contain('passed the market on')
  })
})
