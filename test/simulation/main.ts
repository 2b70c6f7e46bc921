/** `npm run simulate -- --seed N --commands N [--faults 3@120,7@300 | none]`: one simulated run; a failure is made smaller and printed as the line that shows it again. */
import { parseArgs } from 'node:util'
import { formatPlaced, parsePlaced } from './faults.js'
import { describeCounts } from './report.js'
import { simulate, SimulationFailure } from './simulation.js'
import { commandLine, shrink } from './shrink.js'

const MAX_SHRINK_RUNS = 300

const { values } = parseArgs({ options: { seed: { type: 'string' }, commands: { type: 'string' }, faults: { type: 'string' } } })
const seed = whole('seed', values.seed ?? String(Math.floor(Math.random() * 2 ** 31)))
const commands = whole('commands', values.commands ?? '20000')
const faults = values.faults === undefined ? undefined : parsePlaced(values.faults)

console.log(`npm run simulate -- --seed ${seed} --commands ${commands}${faults === undefined ? '' : ` --faults ${formatPlaced(faults)}`}`)
try {
  const { counts, lives, trace, stateHash } = await simulate({ seed, commands, ...(faults !== undefined && { faults }) })
  console.log(`${lives} lives: ${describeCounts(counts)}`)
  console.log(`state ${stateHash}, trace ${trace}`)
} catch (error) {
  if (!(error instanceof SimulationFailure)) throw error
  console.error(`\nThe simulation failed ${error.message}\n${error.cause instanceof Error ? error.cause.stack : ''}\n\nLooking for a smaller run that fails ...`)
  const smallest = await shrink({ failure: error, maxRuns: MAX_SHRINK_RUNS })
  console.error(`\nIt fails ${smallest.failure.message}\n\n  ${commandLine(smallest)}\n`)
  process.exitCode = 1
}

function whole(name: string, text: string): number {
  const value = Number(text)
  if (!Number.isSafeInteger(value) || value < 0) throw new Error(`--${name} must be a whole number, not "${text}".`)
  return value
}
