import { readFileSync } from 'node:fs'
import { expect } from 'chai'
import { COMMAND_BYTES, COMMAND_TYPES } from '@bourse/core'
import * as tcp from '@bourse/client/tcp'
import { isEntryCommand } from './command-check.js'
import { DEFAULT_LIMITS } from './services.js'

const text = readFileSync(new URL('../../../docs/order-entry.md', import.meta.url), 'utf8')

/** The cells of the rows that follow on a heading of a table. */
function rows(heading: string): string[][] {
  const from = text.indexOf(heading)
  if (from < 0) throw new Error(`The document has no table "${heading}".`)
  return text
    .slice(from)
    .split('\n\n')[0]!
    .split('\n')
    .slice(2)
    .map((row) => row.split('|').map((cell) => cell.trim()).slice(1, -1))
}

describe('the document of the binary order entry', () => {
  it('names every command that a session may send, with its type and size, and no other', () => {
    const documented = rows('| type | command |').map(([type, name, bytes]) => [Number(type), name, Number(bytes!.split(' ')[0])])
    const taken = COMMAND_TYPES.flatMap((name, type) => (isEntryCommand(type) ? [[type, name, COMMAND_BYTES[type]]] : []))
    expect(documented.sort((a, b) => Number(a[0]) - Number(b[0]))).to.deep.equal(taken)
  })

  it('names every answer with its type and size', () => {
    const sizes = [[tcp.ACCEPTED, tcp.ACCEPTED_BYTES], [tcp.ACCEPTED, tcp.ACCEPTED_ELSEWHERE_BYTES], [tcp.FILLED, tcp.FILLED_BYTES], [tcp.CANCELLED, tcp.CANCELLED_BYTES], [tcp.CHANGED, tcp.CHANGED_BYTES], [tcp.REJECTED, tcp.REJECTED_BYTES], [tcp.REPEATED, tcp.REPEATED_BYTES], [tcp.TRIGGERED, tcp.TRIGGERED_BYTES], [tcp.STEP_REJECTED, tcp.STEP_REJECTED_BYTES], [tcp.SWITCH, tcp.SWITCH_BYTES], [tcp.QUOTES, tcp.QUOTES_BYTES], [tcp.DONE, tcp.ANSWER_BYTES]]
    expect(rows('| type | answer |').map(([type, , bytes]) => [Number(type), Number(bytes)])).to.deep.equal(sizes)
  })

  it('names every message of the session with its type and size', () => {
    const sizes = [[tcp.HELLO, tcp.HELLO_BYTES], [tcp.LOG_ON, tcp.LOG_ON_BYTES], [tcp.LOGGED_ON, tcp.LOGGED_ON_BYTES], [tcp.HEARTBEAT, tcp.HEARTBEAT_BYTES], [tcp.LOG_OFF, tcp.LOG_OFF_BYTES], [tcp.MARKET, tcp.MARKET_BYTES], [tcp.ASSET, tcp.ASSET_BYTES]]
    expect(rows('| type | message |').slice(2).map(([type, , , bytes]) => [Number(type), Number(bytes)])).to.deep.equal(sizes)
  })

  it('names every code of the server and every reason of an end', () => {
    const named = (heading: string): string[] => rows(heading).map(([code, name]) => `${code} ${name!.replaceAll('`', '')}`)
    expect(named('| code | name |')).to.deep.equal(tcp.SERVER_REJECTS.slice(1).map((name, index) => `${index + 1} ${name}`))
    expect(named('| reason | name |')).to.deep.equal(tcp.LOG_OFF_REASONS.map((name, index) => `${index} ${name}`))
  })

  it('tells the limits as they are', () => {
    for (const limit of ['connections', 'connectionsOfOneAddress', 'inFlight', 'sessions', 'sessionsOfOneAccount'] as const) expect(text, limit).to.include(DEFAULT_LIMITS[limit].toLocaleString('en'))
  })
})
