/** Checks every byte of a command that came over the wire, before the exchange sees any of it. */
import {
  NONE_16, ORDER_AMEND, ORDER_CANCEL, ORDER_CANCEL_ALL, ORDER_CANCEL_ALL_AFTER, ORDER_CANCEL_REPLACE, ORDER_PLACE, ORDER_PLACE_BRACKET, ORDER_PLACE_OCO, ORDER_PLACE_SPECIAL, ORDER_REDUCE,
  ORDER_TYPES, QUOTE_PLACE, QUOTE_PROTECT, QUOTE_RESET_PROTECTION, REPLACE_MODES, SELF_TRADE_PREVENTIONS, SIDES, TEXT_BYTES, TIMES_IN_FORCE, BRACKET_MODES, type FrameBuffer, type RejectCode,
} from '@bourse/core'
import * as core from '@bourse/core'

/** What the frame of one type may hold, beyond amounts, which the engine compares with the market's rules. Offsets are bytes from the frame's start. */
interface CommandShape {
  /** Bytes with the highest value that each may have. */
  readonly bytes: readonly (readonly [offset: number, most: number])[]
  /** Numbers that are zero or positive integers. */
  readonly numbers: readonly number[]
  /** Texts: printable ASCII, then zeros. */
  readonly texts: readonly number[]
  /** Bytes that no field has: from one offset to before another. */
  readonly spare: readonly (readonly [from: number, to: number])[]
  /** The command may concern all markets. */
  readonly anyMarket: boolean
}

const last = (words: readonly string[]): number => words.length - 1
const FLAGS = core.PLACE_POST_ONLY | core.PLACE_IDEMPOTENT | core.PLACE_BY_QUOTE | core.PLACE_HAS_PRICE
const NAME_END = core.PLACE_CLIENT_ORDER_ID + TEXT_BYTES

const shape = (given: Partial<CommandShape>): CommandShape => ({ bytes: [], numbers: [], texts: [], spare: [], anyMarket: false, ...given })

/** What all frames that place an order have in common. */
const placed = {
  bytes: [
    [core.PLACE_SIDE, last(SIDES)],
    [core.PLACE_ORDER_TYPE, last(ORDER_TYPES)],
    [core.PLACE_TIME_IN_FORCE, last(TIMES_IN_FORCE)],
    [core.PLACE_SELF_TRADE_PREVENTION, last(SELF_TRADE_PREVENTIONS)],
    [core.PLACE_FLAGS, FLAGS],
  ],
  texts: [core.PLACE_CLIENT_ORDER_ID],
  spare: [
    [core.PLACE_FLAGS + 1, core.PLACE_PRICE],
    [NAME_END, NAME_END + 4],
  ],
} as const

const special = {
  numbers: [core.PLACE_EXPIRES_AT],
  spare: [...placed.spare, [core.PLACE_SPARE, core.PLACE_SPARE + 16]],
} as const

const named = { numbers: [core.REFERENCE_ORDER_ID], texts: [core.REFERENCE_CLIENT_ORDER_ID] } as const
const REFERENCE_END = core.REFERENCE_CLIENT_ORDER_ID + TEXT_BYTES

function leg(at: number): Pick<CommandShape, 'bytes' | 'texts' | 'spare'> {
  return {
    bytes: [
      [at + core.LEG_ORDER_TYPE, last(ORDER_TYPES)],
      [at + core.LEG_TIME_IN_FORCE, last(TIMES_IN_FORCE)],
      [at + core.LEG_FLAGS, FLAGS],
    ],
    texts: [at + core.LEG_CLIENT_ORDER_ID],
    spare: [
      [at + core.LEG_FLAGS + 1, at + core.LEG_PRICE],
      [at + core.LEG_CLIENT_ORDER_ID + TEXT_BYTES, at + core.LEG_BYTES],
    ],
  }
}

const ocoLegs = [leg(core.OCO_TAKE_PROFIT), leg(core.OCO_STOP_LOSS)]
const bracketLegs = [leg(core.BRACKET_TAKE_PROFIT), leg(core.BRACKET_STOP_LOSS)]

/** The commands that a session may send, by type byte; nothing else passes. */
const SHAPES: readonly (CommandShape | undefined)[] = Object.assign(new Array<CommandShape | undefined>(256).fill(undefined), {
  [ORDER_PLACE]: shape(placed),
  [ORDER_PLACE_SPECIAL]: shape({ ...placed, ...special }),
  [ORDER_CANCEL]: shape({ ...named, spare: [[REFERENCE_END, REFERENCE_END + 4]] }),
  [ORDER_REDUCE]: shape({ ...named, spare: [[REFERENCE_END, core.REDUCE_LEAVES]] }),
  [ORDER_AMEND]: shape({ ...named, bytes: [[core.AMEND_FLAGS, core.AMEND_ALL]], numbers: [...named.numbers, core.AMEND_NEW_EXPIRES_AT], spare: [[core.AMEND_FLAGS + 1, core.AMEND_NEW_PRICE]] }),
  [ORDER_CANCEL_ALL]: shape({ anyMarket: true }),
  [ORDER_CANCEL_ALL_AFTER]: shape({ anyMarket: true, spare: [[core.AFTER_TIMEOUT_MS + 4, core.AFTER_TIMEOUT_MS + 8]] }),
  [ORDER_CANCEL_REPLACE]: shape({
    ...placed,
    bytes: [...placed.bytes, [core.REPLACE_MODE, last(REPLACE_MODES)]],
    numbers: [...special.numbers, core.REPLACED_ORDER_ID],
    texts: [...placed.texts, core.REPLACED_CLIENT_ORDER_ID],
    spare: [...special.spare, [core.REPLACE_MODE + 1, core.REPLACE_MODE + 4]],
  }),
  [ORDER_PLACE_OCO]: shape({
    bytes: [[core.OCO_SIDE, last(SIDES)], [core.OCO_SELF_TRADE_PREVENTION, last(SELF_TRADE_PREVENTIONS)], [core.OCO_FLAGS, FLAGS], ...ocoLegs.flatMap(({ bytes }) => bytes)],
    texts: ocoLegs.flatMap(({ texts }) => texts),
    spare: [[core.OCO_FLAGS + 1, core.OCO_QUANTITY], ...ocoLegs.flatMap(({ spare }) => spare)],
  }),
  [ORDER_PLACE_BRACKET]: shape({
    bytes: [...placed.bytes, [core.BRACKET_MODE, last(BRACKET_MODES)], ...bracketLegs.flatMap(({ bytes }) => bytes)],
    texts: [...placed.texts, ...bracketLegs.flatMap(({ texts }) => texts)],
    spare: [...placed.spare, [core.BRACKET_MODE + 1, core.BRACKET_TAKE_PROFIT], ...bracketLegs.flatMap(({ spare }) => spare)],
  }),
  [QUOTE_PLACE]: shape({ bytes: [[core.QUOTE_SELF_TRADE_PREVENTION, last(SELF_TRADE_PREVENTIONS)], [core.QUOTE_FLAGS, core.QUOTE_POST_ONLY]], spare: [[core.QUOTE_FLAGS + 1, core.QUOTE_ENTRIES]] }),
  [QUOTE_PROTECT]: shape({ spare: [[core.PROTECT_FROZEN_MS + 4, core.PROTECT_FROZEN_MS + 8]] }),
  [QUOTE_RESET_PROTECTION]: shape({}),
})

/** Commands that are taken also when the exchange or the session is full. */
export function isRelieving(type: number): boolean {
  return type === ORDER_CANCEL || type === ORDER_CANCEL_ALL || type === ORDER_CANCEL_ALL_AFTER
}

/** Whether a session may send commands of this type at all. */
export function isEntryCommand(type: number): boolean {
  return SHAPES[type] !== undefined
}

export interface CommandOwner {
  readonly account: number
  /** Markets that there are; their numbers are dense. */
  readonly markets: number
}

/**
 * The first fault of a command of a known size, or undefined. The account must be left zero or be the session's own.
 *
 * What the frame says is compared with the rules by the engine; here it is made sure that it says something at all.
 */
export function commandFault(frames: FrameBuffer, offset: number, { account, markets }: CommandOwner): RejectCode | undefined {
  const { u8, u32 } = frames
  const form = SHAPES[u8[offset + 2]!]
  if (form === undefined) return 'not_permitted'
  const word = offset >> 2
  const named = u32[word + 1]!
  if (named !== 0 && named !== account) return 'not_permitted'
  // Flags, time, asset and index are nothing that a client sets.
  if (u8[offset + 3] !== 0 || u32[word + 4] !== 0 || u32[word + 5] !== 0 || u32[word + 6]! > NONE_16 || u32[word + 7] !== 0) return 'malformed_frame'
  const market = u32[word + 6]!
  if (market >= markets && !(form.anyMarket && market === NONE_16)) return 'unknown_market'
  for (const [at, most] of form.bytes) if (u8[offset + at]! > most) return 'malformed_frame'
  for (const [from, to] of form.spare) for (let at = from; at < to; at++) if (u8[offset + at] !== 0) return 'malformed_frame'
  for (const at of form.numbers) {
    const value = frames.f64[(offset + at) >> 3]!
    if (!(value >= 0 && value <= Number.MAX_SAFE_INTEGER && Math.floor(value) === value) || Object.is(value, -0)) return 'malformed_frame'
  }
  for (const at of form.texts) if (!isText(u8, offset + at)) return 'malformed_text'
  return undefined
}

/** Printable ASCII, then nothing but zeros. */
function isText(u8: Uint8Array, at: number): boolean {
  const end = at + TEXT_BYTES
  let place = at
  while (place < end && u8[place]! > 0x20 && u8[place]! < 0x7f) place++
  while (place < end && u8[place] === 0) place++
  return place === end
}
