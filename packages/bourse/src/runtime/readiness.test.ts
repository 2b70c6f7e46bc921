import { expect } from 'chai'
import { readinessOf } from './readiness.js'

const answers = (): Promise<void> => Promise.resolve()

describe('readiness', () => {
  for (const [what, status, askDatabase, checks] of [
    ['everything is well', {}, answers, { engine: 'ok', journal: 'ok', database: 'ok' }],
    ['the disk is full', { readOnly: 'no room' }, answers, { engine: 'ok', journal: 'read-only', database: 'ok' }],
    ['the writer has halted', { halted: 'broken' }, answers, { engine: 'halted', journal: 'stopped', database: 'ok' }],
    ['the database refuses', {}, () => Promise.reject(new Error('no')), { engine: 'ok', journal: 'ok', database: 'unreachable' }],
    ['the database does not answer', {}, () => new Promise(() => undefined), { engine: 'ok', journal: 'ok', database: 'unreachable' }],
  ] as const) {
    it(`tells when ${what}`, async () => {
      expect(await readinessOf({ status: () => status, askDatabase, databaseTimeoutMs: 5 })).to.deep.equal({ ready: what === 'everything is well', checks })
    })
  }
})
