/** Makes a failing run smaller, as long as it still fails: fewer commands, fewer faults, faults that come earlier. */
import { formatPlaced, placeFaults, type Placed } from './faults.js'
import type { Sabotage } from './run.js'
import { simulate, SimulationFailure } from './simulation.js'

export interface Reproduction {
  readonly seed: number
  readonly commands: number
  readonly faults: readonly Placed[]
  readonly failure: SimulationFailure
}

export interface ShrinkOptions {
  readonly failure: SimulationFailure
  readonly sabotage?: Sabotage
  /** Runs that may be tried. */
  readonly maxRuns: number
}

/** The line that shows a failure again. */
export function commandLine({ seed, commands, faults }: Omit<Reproduction, 'failure'>): string {
  return `npm run simulate -- --seed ${seed} --commands ${commands} --faults ${formatPlaced(faults)}`
}

/** The smallest failing run that was found within the bound; the failure may have become another one on the way. */
export async function shrink({ failure, sabotage, maxRuns }: ShrinkOptions): Promise<Reproduction> {
  const { seed } = failure
  let runs = 0
  let best: Reproduction = { seed, commands: failure.commands, faults: failure.faults.length > 0 ? failure.faults : placeFaults(seed, failure.commands), failure }
  const tryRun = async (commands: number, faults: readonly Placed[]): Promise<boolean> => {
    if (runs++ >= maxRuns || commands < 1) return false
    const found = await failureOf({ seed, commands, faults, ...(sabotage !== undefined && { sabotage }) })
    if (found !== undefined) best = { seed, commands, faults, failure: found }
    return found !== undefined
  }

  // What was sent after the failure, and what was due later, has no part in it.
  await tryRun(best.failure.sent, best.faults.filter(({ at }) => at <= best.failure.sent))
  for (let before = ''; before !== commandLine(best) && runs < maxRuns; ) {
    before = commandLine(best)
    await dropFaults(() => best, tryRun)
    await dropCommands(() => best, tryRun)
    await moveFaults(() => best, tryRun)
  }
  return best
}

type Try = (commands: number, faults: readonly Placed[]) => Promise<boolean>

/** Leaves out half of the faults, then quarters, down to single ones. */
async function dropFaults(best: () => Reproduction, tryRun: Try): Promise<void> {
  for (let size = Math.ceil(best().faults.length / 2); size >= 1; size = size === 1 ? 0 : Math.ceil(size / 2)) {
    for (let at = 0; at < best().faults.length; ) {
      const { commands, faults } = best()
      const dropped = await tryRun(commands, [...faults.slice(0, at), ...faults.slice(at + size)])
      if (!dropped) at += size
    }
  }
}

async function dropCommands(best: () => Reproduction, tryRun: Try): Promise<void> {
  for (const share of [0.25, 0.5, 0.75, 0.9]) {
    while (await tryRun(Math.floor(best().commands * share), best().faults)) continue
  }
}

/** Lets each fault come earlier. */
async function moveFaults(best: () => Reproduction, tryRun: Try): Promise<void> {
  for (let index = 0; index < best().faults.length; index++) {
    for (const share of [0.5, 0.8]) {
      for (;;) {
        const { commands, faults } = best()
        const { at } = faults[index]!
        const earlier = Math.floor(at * share)
        if (earlier === at || !(await tryRun(commands, faults.with(index, { ...faults[index]!, at: earlier })))) break
      }
    }
  }
}

async function failureOf(options: Parameters<typeof simulate>[0]): Promise<SimulationFailure | undefined> {
  try {
    await simulate(options)
    return undefined
  } catch (error) {
    if (error instanceof SimulationFailure) return error
    throw error
  }
}
