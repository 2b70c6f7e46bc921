/** Which faults a run meets and when: they follow from its seed, and each can be left out or moved without changing the others. */
import { SeededRandom } from '@bourse/testkit'

export const FAULT_KINDS = [
  'power-cut', 'kill', 'snapshot-crash', 'sync-error', 'write-error', 'full-disk', 'short-writes', 'slow-disk', 'clock-jump', 'bit-flip', 'snapshot-rot', 'history-failure', 'restart',
] as const
export type FaultKind = (typeof FAULT_KINDS)[number]

/** Every other crash is one of the first three: they are what the journal is made for. */
const WEIGHTS: Readonly<Record<FaultKind, number>> = {
  'power-cut': 6, kill: 3, 'snapshot-crash': 3, 'sync-error': 2, 'write-error': 1, 'full-disk': 2, 'short-writes': 1, 'slow-disk': 1, 'clock-jump': 1, 'bit-flip': 3, 'snapshot-rot': 2, 'history-failure': 1, restart: 1,
}
const DECK = FAULT_KINDS.flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind))

export interface Fault {
  /** Its number in the run of this seed. */
  readonly index: number
  readonly kind: FaultKind
  /** It becomes due when so many commands have been sent. */
  readonly at: number
  /** Draws its details; the same ones wherever the fault stands. */
  readonly random: SeededRandom
}

/** A fault by its number, and when it becomes due. */
export interface Placed {
  readonly index: number
  readonly at: number
}

const MEAN_GAP = 50

/** A generator of its own for each purpose and number. */
export function stream(seed: number, purpose: string, number = 0): SeededRandom {
  let mixed = seed ^ Math.imul(number + 1, 0x9e3779b1)
  for (const letter of purpose) mixed = Math.imul(mixed ^ letter.charCodeAt(0), 0x85ebca6b)
  return new SeededRandom(mixed >>> 0)
}

/** The faults of a run of so many commands; a shorter run meets the first of them. */
export function placeFaults(seed: number, commands: number): Placed[] {
  const placed: Placed[] = []
  const random = stream(seed, 'gaps')
  for (let at = random.below(2 * MEAN_GAP); at < commands; at += random.below(2 * MEAN_GAP)) placed.push({ index: placed.length, at })
  return placed
}

export function faultOf(seed: number, { index, at }: Placed): Fault {
  const random = stream(seed, 'fault', index)
  return { index, at, kind: random.pick(DECK), random }
}

/** As the command line says it: `3@120,7@300`. */
export function formatPlaced(placed: readonly Placed[]): string {
  return placed.length === 0 ? 'none' : placed.map(({ index, at }) => `${index}@${at}`).join(',')
}

/** @throws Error when the text is not what {@link formatPlaced} writes. */
export function parsePlaced(text: string): Placed[] {
  if (text === 'none') return []
  return text.split(',').map((part) => {
    const [, index, at] = /^([0-9]+)@([0-9]+)$/.exec(part) ?? []
    if (index === undefined || at === undefined) throw new Error(`"${part}" is no fault: say its number and when it is due, such as 3@120.`)
    return { index: Number(index), at: Number(at) }
  })
}
