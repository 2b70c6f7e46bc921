/** Whole exchanges that are stopped at the k-th operation of their disk, for one k after another. */
import { expect } from 'chai'
import type { DiskOperation, Fault } from '@bourse/journal-file/testing'
import type { Life } from '../simulation/life.js'
import type { Counts } from '../simulation/run.js'
import { simulate } from '../simulation/simulation.js'
import { newSeed, SCALE, withSeed } from './seeds.js'

const COMMANDS = 150
/** Crash points that a test tries at scale 1. */
const POINTS = 80

/** Stops or disturbs the first life at its k-th operation that counts, and tells whether it came to that. */
function atOperation(k: number, counts: (operation: DiskOperation, path: string) => boolean, what: Fault | 'power-cut' | 'kill'): { script: (life: Life) => void; reached: () => boolean } {
  let seen = 0
  let armed = false
  return {
    reached: () => seen >= k,
    script: (life) => {
      if (armed) return
      armed = true
      life.armed.push((operation, _count, path) => (counts(operation, path) && ++seen === k ? what : undefined))
    },
  }
}

async function run(seed: number, where: string, script: (life: Life) => void): Promise<Counts> {
  const { counts } = await withSeed(seed, where, () => simulate({ seed, commands: COMMANDS, faults: [], script }))
  return counts
}

describe('An exchange that stops at any moment', function () {
  this.timeout(0)

  for (const how of ['power-cut', 'kill'] as const) {
    it(`has every acknowledged command and balanced books after a ${how} at the k-th write, sync, rename or removal`, async () => {
      const seed = newSeed()
      let done = 0
      let acknowledged = 0
      // One seed is taken through all of its operations before the next one begins.
      for (let round = 0, k = 1; done < POINTS * SCALE; k++) {
        const { script, reached } = atOperation(k, () => true, how)
        const counts = await run(seed + round, `round ${round}, operation ${k}`, script)
        if (!reached()) {
          round++
          k = 0
          continue
        }
        expect(counts.powerCuts + counts.kills, `operation ${k}`).to.equal(1)
        acknowledged += counts.acknowledged
        done++
      }
      console.log(`      seed ${seed}: ${done} crashes, ${acknowledged} acknowledged commands, none lost`)
    })
  }

  it('has the old snapshot or the new one after a crash at any step of writing it', async () => {
    const seed = newSeed()
    let done = 0
    for (let round = 0; round < SCALE; round++) {
      for (let step = 1, inside = true; inside; step++) {
        const { script, reached } = atOperation(step, (_operation, path) => path.includes('snapshots'), step % 2 === 0 ? 'kill' : 'power-cut')
        await run(seed + round, `round ${round}, step ${step}`, (life) => {
          script(life)
          if (life.run.sent > 100 && life.run.counts.snapshots < 3) void life.exchange?.snapshot().catch(() => undefined)
        })
        inside = reached()
        if (inside) done++
      }
    }
    console.log(`      seed ${seed}: ${done} crashes while snapshots were written`)
    expect(done).to.be.greaterThan(6 * SCALE)
  })

  it('halts at a failed sync, acknowledges nothing of it, and touches the file no more', async () => {
    const seed = newSeed()
    let halts = 0
    for (let round = 0, k = 1; round < 2 * SCALE; k++) {
      const { script, reached } = atOperation(k, (operation, path) => operation === 'sync' && path.endsWith('.journal'), { kind: 'error', code: 'EIO' })
      const counts = await run(seed + round, `round ${round}, sync ${k}`, script)
      if (reached()) {
        // A segment allocated ahead that nobody needed may fail unnoticed.
        expect(counts.halts, `sync ${k}`).to.be.at.most(1)
        halts += counts.halts
      } else {
        round++
        k = 0
      }
    }
    console.log(`      seed ${seed}: ${halts} failed syncs, each a halt`)
    expect(halts).to.be.greaterThan(10 * SCALE)
  })

  it('becomes read-only on a full disk, serves what was acknowledged, and goes on when there is room', async () => {
    const seed = newSeed()
    let full = 0
    for (let round = 0; round < 12 * SCALE; round++) {
      let limited = false
      const counts = await run(seed + round, `round ${round}`, (life) => {
        if (limited || life.run.sent < 30) return
        limited = true
        life.run.disk.capacity = life.run.disk.used() + round * 200
        life.run.stillFull = round % 2 === 0
      })
      full += counts.fullDisks
    }
    console.log(`      seed ${seed}: ${full} full disks, each read-only and readable`)
    expect(full).to.be.greaterThan(2 * SCALE)
  })

  it('finishes writes that took only a part', async () => {
    const seed = newSeed()
    let short = 0
    for (let round = 0; round < 5 * SCALE; round++) {
      await run(seed + round, `round ${round}`, (life) => {
        if (life.armed.length > 0) return
        life.armed.push((operation, count) => {
          if (operation !== 'write' || count % 3 === 0) return undefined
          short++
          return { kind: 'short' }
        })
      })
    }
    console.log(`      seed ${seed}: ${short} short writes`)
    expect(short).to.be.greaterThan(50 * SCALE)
  })
})
