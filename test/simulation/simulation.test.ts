/** The simulated exchange in `npm test`: short runs of new seeds, and proof that broken storage is found. */
import { expect } from 'chai'
import { formatPlaced, parsePlaced, placeFaults } from './faults.js'
import { addCounts, describeCounts } from './report.js'
import { SABOTAGES } from './sabotage.js'
import { simulate, SimulationFailure } from './simulation.js'
import { commandLine, shrink } from './shrink.js'
import type { Counts } from './run.js'

const SCALE = Number(process.env.BOURSE_TEST_SCALE ?? 1)
const SEED = process.env.BOURSE_TEST_SEED
const RUNS = 4
const COMMANDS = 2000

describe('A simulated exchange', function () {
  this.timeout(0)

  it('keeps every promise through power cuts, kills, torn, lost and reordered writes, failing syncs and full disks', async () => {
    const seeds = SEED === undefined ? Array.from({ length: RUNS }, () => Math.floor(Math.random() * 2 ** 31)) : [Number(SEED)]
    let counts: Counts | undefined
    for (const seed of seeds) {
      const result = await simulate({ seed, commands: COMMANDS * SCALE }).catch(shrunk)
      counts = counts === undefined ? result.counts : addCounts(counts, result.counts)
    }
    console.log(`      seeds ${seeds.join(' ')}: ${describeCounts(counts!)}`)
    for (const key of ['powerCuts', 'kills', 'lost', 'recoveries', 'snapshots', 'bitFlips'] as const) expect(counts![key], key).to.be.greaterThan(0)
  })

  it('runs the same way twice, byte for byte', async () => {
    const seed = Math.floor(Math.random() * 2 ** 31)
    const [one, other] = [await simulate({ seed, commands: 600 }).catch(shrunk), await simulate({ seed, commands: 600 }).catch(shrunk)]
    expect(one, `seed ${seed}`).to.deep.equal(other)
    const next = await simulate({ seed: seed + 1, commands: 600 }).catch(shrunk)
    expect(next.trace).not.to.equal(one.trace)
  })

  for (const [name, sabotage] of Object.entries(SABOTAGES)) {
    it(`finds ${name}, and makes the failing run small`, async () => {
      const failure = await firstFailure(sabotage)
      const smallest = await shrink({ failure, sabotage, maxRuns: 100 })
      console.log(`      ${commandLine(smallest)}: ${smallest.failure.message}`)
      expect(smallest.faults.length).to.be.at.most(Math.min(3, failure.faults.length))
      expect(smallest.commands).to.be.at.most(failure.commands)
      const { seed, commands, faults } = smallest
      const again = await simulate({ seed, commands, faults, sabotage }).catch((error: unknown) => error)
      expect(again).to.be.instanceOf(SimulationFailure).and.include({ message: smallest.failure.message })
      await simulate({ seed, commands, faults })
    })
  }
})

describe('The faults of a simulated run', () => {
  it('are the same in a shorter run, as far as it goes', () => {
    const faults = placeFaults(77, 2000)
    expect(faults.length).to.be.greaterThan(20)
    expect(placeFaults(77, 700)).to.deep.equal(faults.filter(({ at }) => at < 700))
  })

  it('are read from the command line as they are written', () => {
    for (const placed of [[], placeFaults(5, 500)]) expect(parsePlaced(formatPlaced(placed))).to.deep.equal(placed)
    expect(() => parsePlaced('3@')).to.throw('"3@" is no fault')
  })
})

async function shrunk(error: unknown): Promise<never> {
  if (!(error instanceof SimulationFailure)) throw error
  const smallest = await shrink({ failure: error, maxRuns: 150 })
  throw new Error(`${commandLine(smallest)}\n${smallest.failure.message}`, { cause: smallest.failure })
}

/** A broken part must show within a few thousand commands of some seed. */
async function firstFailure(sabotage: (typeof SABOTAGES)[string]): Promise<SimulationFailure> {
  const seed = Math.floor(Math.random() * 2 ** 31)
  for (let round = 0; round < 12; round++) {
    try {
      await simulate({ seed: seed + round, commands: 1500, sabotage: sabotage! })
    } catch (error) {
      if (error instanceof SimulationFailure) return error
      throw error
    }
  }
  throw new Error(`The simulation has not noticed it in twelve runs from seed ${seed}.`)
}
