/** Runs the fast engine, command by command and in groups, and the naive one side by side under random commands and stops at the first difference. */
import { createEngine, decodeEvents, FrameBuffer, hashParts, restoreEngine, writeContinue, type Engine, type Event } from '@bourse/core'
import { GroupedTwin } from './grouped-twin.js'
import { naiveParts } from './naive/naive-parts.js'
import { NaiveEngine } from './naive/naive-engine.js'
import type { NaiveState } from './naive/naive-state.js'
import { RandomCommands } from './random-commands.js'

export interface TwinOptions {
  readonly seed: number
  readonly commands: number
  /** The state is compared after each so many commands; events and invariants after every one. */
  readonly hashEach?: number
  /** After each so many commands the engine goes on from its own snapshot, every other time from its image; never by default. */
  readonly restoreEach?: number
  /** Called after every command on which the two agreed. */
  readonly onCommand?: (step: { readonly engine: Engine; readonly events: readonly Event[]; readonly eventFrames: FrameBuffer }) => void
}

/** Small, so that windows overflow and backlogs arise. */
export const TWIN_LIMITS = { cancelsPerCommand: 3, activationsPerCommand: 2, trailingStopsPerMarket: 1, ledgerRequests: 16, orderRequests: 12 } as const

/**
 * @returns the engine at the end.
 * @throws Error naming the seed, the command and the difference.
 */
export function runTwins({ seed, commands, hashEach = 1, restoreEach = Infinity, onCommand }: TwinOptions): Engine {
  let engine = createEngine(TWIN_LIMITS)
  const naive = new NaiveEngine(TWIN_LIMITS)
  const grouped = new GroupedTwin(TWIN_LIMITS)
  const random = new RandomCommands({ seed })
  const frames = new FrameBuffer()
  const eventFrames = new FrameBuffer()
  let timestampUs = 1_700_000_000_000_000
  for (let sequence = 1; sequence <= commands; sequence++) {
    frames.clear()
    eventFrames.clear()
    // What one command began goes on at its own time; then the time passes, and what is due comes before the next command.
    if (!naive.hasBacklog && !naive.isDue(timestampUs)) timestampUs += random.elapsedUs()
    const offset = naive.hasBacklog || naive.isDue(timestampUs) ? writeContinue(frames) : random.next(frames)
    frames.stamp(offset, sequence, timestampUs)
    const where = (what: string): string => `Seed ${seed}, command ${sequence} (${describeFrame(frames)}): ${what}`
    const expected = naive.apply(frames, offset)
    try {
      engine.apply(frames, offset, eventFrames)
      engine.checkInvariants()
    } catch (error) {
      throw new Error(where(`the engine threw ${String(error)}`), { cause: error })
    }
    const events = decodeEvents(eventFrames)
    const [actualText, expectedText] = [textOf(events), textOf(expected)]
    if (actualText !== expectedText) throw new Error(where(`events differ\n  engine: ${actualText}\n  naive:  ${expectedText}`))
    if (engine.hasBacklog !== naive.hasBacklog) throw new Error(where('only one of the engines has a backlog'))
    if (engine.nextDeadlineUs !== naive.nextDeadlineUs) throw new Error(where(`the next deadline is ${engine.nextDeadlineUs} for the engine, ${naive.nextDeadlineUs} for the naive one`))
    checkMoney(naive.state, where)
    if (sequence % hashEach === 0 || sequence === commands) compareStates(engine, naive, where)
    const isFull = grouped.add(frames, offset, eventFrames)
    const difference = isFull || sequence === commands || sequence % restoreEach === 0 ? grouped.flush(engine) : undefined
    if (difference !== undefined) throw new Error(where(difference))
    if (sequence % restoreEach === 0) {
      grouped.restore(sequence % (2 * restoreEach) !== 0)
      engine = restoreEngine(sequence % (2 * restoreEach) === 0 ? engine.image() : engine.snapshot())
      compareStates(engine, naive, where)
    }
    for (const event of events) random.observe(event)
    onCommand?.({ engine, events, eventFrames })
  }
  return engine
}

const PARTS = [
  ...['header', 'definitions', 'markets', 'groups', 'accounts', 'balances', 'orders', 'holds', 'ledger requests', 'order requests'],
  ...['fee tiers', 'account settings'],
  ...['terms'],
  ...['backlog', 'deadlines'],
  ...['order fees'],
  ...['protections'],
  ...['waiting orders', 'triggered orders'],
  ...['fee rates'],
  ...['brackets'],
]

function compareStates(engine: Engine, naive: NaiveEngine, where: (what: string) => string): void {
  const expected = naiveParts(naive.state)
  if (hashParts(expected) === engine.stateHash()) return
  const parts = engine.snapshot()
  for (const [index, part] of expected.entries()) {
    const other = parts[index] ?? new Uint8Array()
    const at = part.findIndex((byte, place) => other[place] !== byte)
    if (at >= 0 || part.length !== other.length) throw new Error(where(`${PARTS[index]} differ at byte ${at}: ${other.length} bytes of the engine, ${part.length} expected`))
  }
  throw new Error(where('the hashes differ and the parts do not'))
}

/** Per asset the sum over all accounts is zero, and nobody but the world is below zero. */
function checkMoney(state: NaiveState, where: (what: string) => string): void {
  const sums = new Map<string, bigint>()
  for (const [key, { available, held }] of state.balances) {
    const [account, asset] = key.split('/')
    sums.set(asset!, (sums.get(asset!) ?? 0n) + available + held)
    if (held < 0n || (available < 0n && state.accounts[Number(account)]!.kind !== 'world')) throw new Error(where(`account/asset ${key} is negative`))
  }
  for (const [asset, sum] of sums) if (sum !== 0n) throw new Error(where(`asset ${asset} sums to ${sum}`))
}

/** Events with their fields in a fixed order, so that equal ones give equal texts. */
function textOf(events: readonly Event[]): string {
  return events.map(describe).join('\n          ')
}

function describe(value: unknown): string {
  if (typeof value === 'bigint') return `${value}n`
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'undefined'
  const fields = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${fields.map(([key, field]) => `${key}: ${describe(field)}`).join(', ')}}`
}

function describeFrame(frames: FrameBuffer): string {
  return `type ${frames.type(0)}, ${[...frames.used()].map((byte) => byte.toString(16).padStart(2, '0')).join('')}`
}
