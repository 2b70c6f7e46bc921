/** Says in words what simulated runs went through. */
import type { Counts } from './run.js'

const WORDS: readonly (readonly [keyof Counts, string])[] = [
  ['sent', 'commands'], ['acknowledged', 'acknowledged'], ['refused', 'refused'], ['recoveries', 'recoveries'], ['powerCuts', 'power cuts'], ['kills', 'kills'],
  ['crashesWhileStarting', 'crashes while starting'], ['halts', 'halts after failed writes'], ['fullDisks', 'full disks'], ['torn', 'torn writes'], ['lost', 'lost'], ['reordered', 'reordered'],
  ['names', 'names undone'], ['shortWrites', 'short writes'], ['bitFlips', 'flipped bits noticed'], ['snapshots', 'snapshots'], ['rottenSnapshots', 'damaged snapshots'],
  ['clockJumps', 'clock jumps'], ['historyFailures', 'failures of the history'], ['orderlyStops', 'orderly stops'], ['archived', 'commands archived'],
]

export function describeCounts(counts: Counts): string {
  return WORDS.map(([key, words]) => `${counts[key]} ${words}`).join(', ')
}

export function addCounts(one: Counts, other: Counts): Counts {
  const sum = { ...one }
  for (const [key] of WORDS) sum[key] += other[key]
  return sum
}
