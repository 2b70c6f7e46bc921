/** Recognises idempotent commands that come again. */
import type { FrameBuffer } from '../values/frames.js'
import { REQUEST_HASH_HIGH, REQUEST_HASH_LOW, REQUEST_ORDER_ID, REQUEST_SEQUENCE, REQUEST_WORDS, type RequestWindow } from '../ledger/request-window.js'
import { hashWords } from './word-hash.js'
import { namedAccount } from './reject.js'
import type { EngineState } from './state.js'

/** Scopes that keep the keys of ledger commands apart. */
export const TRANSFER_KEY = 0
export const HOLD_KEY = 1
export const HOLD_END_KEY = 2

/** The bytes of sequence and timestamp are the writer's, not the input's. */
const INPUT_START = 24
const input = new Int32Array(2)

/** What the window knows of a key: never seen, seen with this very input, or with another. */
export type Recognition = 'new' | 'repeated' | 'other_input'

/** Looks a command's key up and, where it is a repetition, writes the event that says so. */
export function recognise(state: EngineState, key: { window: RequestWindow; frames: FrameBuffer; offset: number; textAt: number; scope: number }): Recognition {
  const { window, frames, offset } = key
  const row = window.find(frames.u32, (offset + key.textAt) >> 2, key.scope)
  if (row === 0) return 'new'
  hashInput(frames, offset)
  if (!window.sameInput(row, input[0]!, input[1]!)) return 'other_input'
  state.out.repeated({
    type: frames.type(offset),
    account: namedAccount(state, frames, offset),
    firstSequence: window.firstSequence(row),
    orderId: window.orderId(row),
  })
  return 'repeated'
}

/** Remembers a command that had its effect. */
export function remember(
  state: EngineState,
  key: { window: RequestWindow; frames: FrameBuffer; offset: number; textAt: number; scope: number; orderId: number },
): void {
  const { window, frames, offset } = key
  const row = window.remember(frames.u32, (offset + key.textAt) >> 2, key.scope)
  hashInput(frames, offset)
  window.f64[row * REQUEST_WORDS + REQUEST_SEQUENCE] = state.sequence
  window.f64[row * REQUEST_WORDS + REQUEST_ORDER_ID] = key.orderId
  window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_LOW] = input[0]!
  window.i32[row * 2 * REQUEST_WORDS + REQUEST_HASH_HIGH] = input[1]!
}

function hashInput(frames: FrameBuffer, offset: number): void {
  input[0] = Math.imul(frames.type(offset), 0x9e3779b1)
  input[1] = frames.account(offset) | 0
  hashWords(input, frames.u32, (offset + INPUT_START) >> 2, (offset + frames.size(offset)) >> 2)
}
