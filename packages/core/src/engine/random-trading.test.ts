import { expect } from 'chai'
import fc from 'fast-check'
import { createEngine, execute, postingsOf, restoreEngine, type Bucket, type Command, type Engine, type Event } from '@bourse/core'
import { FOUNDATION, randomCommands } from '../../test/random-commands.js'

const numRuns = 150 * Number(process.env.BOURSE_TEST_SCALE ?? 1)
/** Small, so that continuations and forgotten requests are common. */
const limits = { cancelsPerCommand: 2, activationsPerCommand: 1, ledgerRequests: 6, orderRequests: 4 }

function foundedEngine(): Engine {
  const engine = createEngine(limits)
  for (const command of FOUNDATION) expect(execute(engine, command, 0).ok).to.equal(true)
  return engine
}

/** Runs a command a quarter of a millisecond after the one before, and gives its events, those of what was due and of continuations too. */
function eventsOf(engine: Engine, command: Command): readonly Event[] {
  const done = execute(engine, command, engine.timestampUs + 250)
  return [...done.due, ...(done.ok ? done.events : [])]
}

describe('Under random commands', function () {
  // As long as it takes: on a busy machine, or many times as much.
  this.timeout(0)

  it('no unit is created or lost, no balance is negative, and what is held is what orders and holds need', () => {
    let trades = 0
    fc.assert(
      fc.property(randomCommands, (commands) => {
        const engine = foundedEngine()
        for (const command of commands) {
          trades += eventsOf(engine, command).filter(({ type }) => type === 'trade.executed').length
          engine.checkInvariants()
        }
      }),
      { numRuns },
    )
    expect(trades).to.be.greaterThan(numRuns)
    console.log(`      ${numRuns} sequences, ${trades} trades, every invariant checked after each command`)
  })

  it('the postings of all events add up to the balances', () => {
    fc.assert(
      fc.property(randomCommands, (commands) => {
        const engine = createEngine(limits)
        const books = new Map<string, bigint>()
        const add = (account: number, asset: number, bucket: Bucket, amount: bigint) => {
          const key = `${account}/${asset}/${bucket}`
          books.set(key, (books.get(key) ?? 0n) + amount)
        }
        for (const command of [...FOUNDATION, ...commands]) {
          for (const event of eventsOf(engine, command)) {
            for (const posting of postingsOf(event, engine.catalog)) {
              expect(posting.amount > 0n).to.equal(true)
              add(posting.from, posting.asset, posting.fromBucket, -posting.amount)
              add(posting.to, posting.asset, posting.toBucket, posting.amount)
            }
          }
        }
        for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) {
          for (const { id } of engine.catalog.assets()) {
            const added = { available: books.get(`${account}/${id}/available`) ?? 0n, held: books.get(`${account}/${id}/held`) ?? 0n }
            expect(engine.balance(account, id)).to.deep.equal(added)
          }
        }
      }),
      { numRuns },
    )
  })

  it('a restored snapshot or image goes on as the engine would have', () => {
    fc.assert(
      fc.property(randomCommands, fc.nat(), fc.boolean(), (commands, somewhere, asImage) => {
        const engine = foundedEngine()
        const split = somewhere % commands.length
        for (const command of commands.slice(0, split)) eventsOf(engine, command)
        const restored = restoreEngine(asImage ? engine.image() : engine.snapshot())
        restored.checkInvariants()
        expect(restored.stateHash()).to.equal(engine.stateHash())
        for (const command of commands.slice(split)) {
          expect(eventsOf(restored, command)).to.deep.equal(eventsOf(engine, command))
          expect(restored.stateHash()).to.equal(engine.stateHash())
        }
      }),
      { numRuns },
    )
  })

  it('the same commands give the same state', () => {
    fc.assert(
      fc.property(randomCommands, (commands) => {
        const [one, other] = [foundedEngine(), foundedEngine()]
        for (const command of commands) {
          eventsOf(one, command)
          eventsOf(other, command)
        }
        expect(one.stateHash()).to.equal(other.stateHash())
      }),
      { numRuns: Math.ceil(numRuns / 3) },
    )
  })
})
