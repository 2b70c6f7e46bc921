/** Idempotent commands that come again, in the naive engine. */
import { hashWords } from '@bourse/core'
import type { FrameReader } from './frame-reader.js'
import type { NaiveRequest, NaiveRun } from './naive-state.js'

/** Scopes of ledger commands. */
export const TRANSFER_KEY = 0
export const HOLD_KEY = 1
export const HOLD_END_KEY = 2

export interface RequestKey {
  readonly requests: NaiveRequest[]
  readonly scope: number
  readonly text: string
}

/** Looks a key up among the remembered commands; where the same command comes again, its event says so. */
export function recall(run: NaiveRun, key: RequestKey): 'new' | 'repeated' | 'other_input' {
  const { frame } = run
  const known = find(key)
  if (known === undefined) return 'new'
  if (known.input !== frame.input()) return 'other_input'
  const command = frame.command
  if (command === 'none') throw new Error('A remembered command has a type.')
  run.emit({ type: 'command.repeated', command, account: run.namedAccount, firstSequence: known.sequence, orderId: known.orderId })
  return 'repeated'
}

export function find({ requests, scope, text }: RequestKey): NaiveRequest | undefined {
  return requests.find((request) => request.scope === scope && request.text === text)
}

/** Remembers a command that had its effect; the oldest is forgotten beyond the limit. */
export function remember(run: NaiveRun, key: RequestKey, { limit, orderId }: { limit: number; orderId: number }): void {
  const { requests, scope, text } = key
  requests.push({ text, scope, input: run.frame.input(), inputHash: hashOf(run.frame), sequence: run.frame.sequence, orderId })
  if (requests.length > limit) requests.shift()
}

/** The hash that the fast engine keeps of an input: type and account lead, the words from byte 24 follow. */
function hashOf(frame: FrameReader): [number, number] {
  const hash = Int32Array.of(Math.imul(frame.typeByte, 0x9e3779b1), frame.account | 0)
  const words = frame.words()
  hashWords(hash, words, 6, words.length)
  return [hash[0]! >>> 0, hash[1]! >>> 0]
}
