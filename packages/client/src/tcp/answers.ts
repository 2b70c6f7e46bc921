/** The layouts of what a TCP session is told about its account's orders, and their decoder; `docs/order-entry.md` shows every byte. */
import { CANCEL_REASONS, COMMAND_TYPES, ORDER_TYPES, REJECT_CODES, REPLACE_STEPS, SIDES, TIMES_IN_FORCE, type CancelReason, type FrameBuffer, type OrderType, type RejectCode, type ReplaceStep, type Side, type TimeInForce } from '@bourse/core'

export const ACCEPTED = 128
export const FILLED = 129
export const CANCELLED = 130
export const CHANGED = 131
export const REJECTED = 132
export const REPEATED = 133
export const TRIGGERED = 134
export const STEP_REJECTED = 135
export const SWITCH = 136
export const QUOTES = 137
export const DONE = 138

/** What all answers begin with, in bytes; the header's number counts the answers of a session. */
export const ANSWER_BYTES = 40
export const ANSWER_FLAGS = 3
export const ANSWER_MARKET = 4
export const ANSWER_NUMBER = 8
export const ANSWER_REQUEST = 16
export const ANSWER_SEQUENCE = 24
export const ANSWER_TIME = 32

/** In all answers about one order. */
export const ANSWER_ORDER_ID = 40

export const ACCEPTED_BYTES = 48
/** Of an order that was not placed by a request of the session: what it is stands behind its number. */
export const ACCEPTED_ELSEWHERE_BYTES = 112
export const ACCEPTED_SIDE = 48
export const ACCEPTED_ORDER_TYPE = 49
export const ACCEPTED_TIME_IN_FORCE = 50
export const ACCEPTED_PRICE = 56
export const ACCEPTED_QUANTITY = 64
export const ACCEPTED_CLIENT_ORDER_ID = 72

export const FILLED_BYTES = 96
export const FILLED_TRADE_ID = 48
export const FILLED_PRICE = 56
export const FILLED_QUANTITY = 64
export const FILLED_FEE = 72
export const FILLED_LEAVES = 80
export const FILLED_FEE_ASSET = 88
/** Flags of a fill. */
export const FILL_AS_TAKER = 1
export const FILL_ENDS_ORDER = 2
export const FILL_IN_AUCTION = 4

export const CANCELLED_BYTES = 64
export const CANCELLED_QUANTITY = 48
export const CANCELLED_REASON = 56
/** Flag of a cancel: the order's time was over, and the reason means nothing. */
export const CANCEL_IS_EXPIRY = 1

export const CHANGED_BYTES = 72
export const CHANGED_PRICE = 48
export const CHANGED_QUANTITY = 56
export const CHANGED_LEAVES = 64

export const REJECTED_BYTES = 48
export const REJECTED_CODE = 40
export const REJECTED_COMMAND = 41
/** Flag of a reject: the code is one of {@link SERVER_REJECTS}, and the engine has not seen the request. */
export const REJECT_OF_SERVER = 1

/** Why the server refuses what the engine would have to judge; the place is the byte, for ever. */
export const SERVER_REJECTS = ['none', 'queue_full', 'too_many_in_flight', 'too_many_requests', 'exchange_read_only', 'unavailable', 'outcome_unknown'] as const
export type ServerReject = Exclude<(typeof SERVER_REJECTS)[number], 'none'>

export const REPEATED_BYTES = 56
export const REPEATED_FIRST_SEQUENCE = 48

export const TRIGGERED_BYTES = 48

export const STEP_REJECTED_BYTES = 48
export const STEP_REJECTED_CODE = 40
export const STEP_REJECTED_STEP = 41

export const SWITCH_BYTES = 48
export const SWITCH_AT = 40
/** Flag: the dead-man switch has fired, and the time is when it was due. */
export const SWITCH_FIRED = 1

export const QUOTES_BYTES = 48
export const QUOTES_UNTIL = 40
/** The place is the flags' byte. */
export const QUOTES_STATES = ['protected', 'frozen', 'unfrozen'] as const

interface AnswerBase {
  /** Counts the answers of the session, from 1, without a gap. */
  readonly number: number
  /** The request of the session whose effect it is; 0 for the effect of anything else. */
  readonly request: number
  /** Of the command in the exchange's journal; 0 where there was none. */
  readonly sequence: number
  /** Microseconds since 1970. */
  readonly timestampUs: number
  /** Number of the market; undefined where it concerns none or all. */
  readonly market: number | undefined
}

/** Amounts are integers in units of the market. */
export type Answer = AnswerBase &
  (
    | { readonly type: 'accepted'; readonly orderId: number; readonly elsewhere?: { readonly side: Side; readonly orderType: OrderType; readonly timeInForce: TimeInForce; readonly price: bigint; readonly quantity: bigint; readonly clientOrderId: string } }
    | { readonly type: 'filled'; readonly orderId: number; readonly tradeId: number; readonly price: bigint; readonly quantity: bigint; readonly fee: bigint; readonly feeAsset: number; readonly leavesQuantity: bigint; readonly liquidity: 'maker' | 'taker'; readonly done: boolean; readonly inAuction: boolean }
    | { readonly type: 'cancelled'; readonly orderId: number; readonly quantity: bigint; readonly reason: CancelReason | 'expired' }
    | { readonly type: 'changed'; readonly orderId: number; readonly price: bigint; readonly quantity: bigint; readonly leavesQuantity: bigint }
    | { readonly type: 'rejected'; readonly code: RejectCode | ServerReject; readonly command: string }
    | { readonly type: 'repeated'; readonly orderId: number; readonly firstSequence: number }
    | { readonly type: 'triggered'; readonly orderId: number }
    | { readonly type: 'step-rejected'; readonly step: ReplaceStep; readonly code: RejectCode }
    | { readonly type: 'switch'; readonly atUs: number | undefined; readonly fired: boolean }
    | { readonly type: 'quotes'; readonly state: (typeof QUOTES_STATES)[number]; readonly untilUs: number | undefined }
    | { readonly type: 'done' }
  )

const NO_MARKET = 0xffff

/** @throws RangeError when the frame at `offset` is no answer. */
export function decodeAnswer(frames: FrameBuffer, offset: number): Answer {
  const { u8, f64, i64 } = frames
  const float = (at: number): number => f64[(offset + at) >> 3]!
  const units = (at: number): bigint => i64[(offset + at) >> 3]!
  const byte = (at: number): number => u8[offset + at]!
  const flags = byte(ANSWER_FLAGS)
  const market = frames.u16[(offset + ANSWER_MARKET) >> 1]!
  const base: AnswerBase = { number: float(ANSWER_NUMBER), request: float(ANSWER_REQUEST), sequence: float(ANSWER_SEQUENCE), timestampUs: float(ANSWER_TIME), market: market === NO_MARKET ? undefined : market }
  const orderId = float(ANSWER_ORDER_ID)
  switch (frames.type(offset)) {
    case ACCEPTED:
      return { ...base, type: 'accepted', orderId, ...(frames.size(offset) === ACCEPTED_BYTES ? {} : { elsewhere: elsewhere(frames, offset) }) }
    case FILLED: {
      const liquidity = (flags & FILL_AS_TAKER) === 0 ? 'maker' : 'taker'
      const trade = { tradeId: float(FILLED_TRADE_ID), price: units(FILLED_PRICE), quantity: units(FILLED_QUANTITY), fee: units(FILLED_FEE), feeAsset: frames.u16[(offset + FILLED_FEE_ASSET) >> 1]! }
      return { ...base, type: 'filled', orderId, ...trade, leavesQuantity: units(FILLED_LEAVES), liquidity, done: (flags & FILL_ENDS_ORDER) !== 0, inAuction: (flags & FILL_IN_AUCTION) !== 0 }
    }
    case CANCELLED:
      return { ...base, type: 'cancelled', orderId, quantity: units(CANCELLED_QUANTITY), reason: (flags & CANCEL_IS_EXPIRY) !== 0 ? 'expired' : word(CANCEL_REASONS, byte(CANCELLED_REASON)) }
    case CHANGED:
      return { ...base, type: 'changed', orderId, price: units(CHANGED_PRICE), quantity: units(CHANGED_QUANTITY), leavesQuantity: units(CHANGED_LEAVES) }
    case REJECTED: {
      const code = word<RejectCode | ServerReject | 'none'>((flags & REJECT_OF_SERVER) !== 0 ? SERVER_REJECTS : REJECT_CODES, byte(REJECTED_CODE))
      return { ...base, type: 'rejected', code: some(code), command: word(COMMAND_TYPES, byte(REJECTED_COMMAND)) }
    }
    case REPEATED:
      return { ...base, type: 'repeated', orderId, firstSequence: float(REPEATED_FIRST_SEQUENCE) }
    case TRIGGERED:
      return { ...base, type: 'triggered', orderId }
    case STEP_REJECTED:
      return { ...base, type: 'step-rejected', step: word(REPLACE_STEPS, byte(STEP_REJECTED_STEP)), code: some(word(REJECT_CODES, byte(STEP_REJECTED_CODE))) }
    case SWITCH:
      return { ...base, type: 'switch', atUs: float(SWITCH_AT) || undefined, fired: (flags & SWITCH_FIRED) !== 0 }
    case QUOTES:
      return { ...base, type: 'quotes', state: word(QUOTES_STATES, flags), untilUs: float(QUOTES_UNTIL) || undefined }
    case DONE:
      return { ...base, type: 'done' }
    default:
      throw new RangeError(`The frame of type ${frames.type(offset)} at byte ${offset} is no answer.`)
  }
}

function elsewhere(frames: FrameBuffer, offset: number): { side: Side; orderType: OrderType; timeInForce: TimeInForce; price: bigint; quantity: bigint; clientOrderId: string } {
  const { u8, i64 } = frames
  return {
    side: word(SIDES, u8[offset + ACCEPTED_SIDE]!),
    orderType: word(ORDER_TYPES, u8[offset + ACCEPTED_ORDER_TYPE]!),
    timeInForce: word(TIMES_IN_FORCE, u8[offset + ACCEPTED_TIME_IN_FORCE]!),
    price: i64[(offset + ACCEPTED_PRICE) >> 3]!,
    quantity: i64[(offset + ACCEPTED_QUANTITY) >> 3]!,
    clientOrderId: frames.text(offset + ACCEPTED_CLIENT_ORDER_ID),
  }
}

function word<Word extends string>(words: readonly Word[], place: number): Word {
  const found = words[place]
  if (found === undefined) throw new RangeError(`Byte ${place} is none of ${words.join(', ')}.`)
  return found
}

function some<Code extends string>(code: Code): Exclude<Code, 'none'> {
  if (code === 'none') throw new RangeError('The reject carries no code.')
  return code as Exclude<Code, 'none'>
}
