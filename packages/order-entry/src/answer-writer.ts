/** Writes what an event means for one account as an answer of its session. */
import {
  ACCEPTED, ACCEPTED_BYTES, ACCEPTED_CLIENT_ORDER_ID, ACCEPTED_ELSEWHERE_BYTES, ACCEPTED_ORDER_TYPE, ACCEPTED_PRICE, ACCEPTED_QUANTITY, ACCEPTED_SIDE, ACCEPTED_TIME_IN_FORCE, ANSWER_BYTES, ANSWER_FLAGS, ANSWER_MARKET,
  ANSWER_ORDER_ID, ANSWER_REQUEST, ANSWER_SEQUENCE, ANSWER_TIME, CANCEL_IS_EXPIRY, CANCELLED, CANCELLED_BYTES, CANCELLED_QUANTITY, CANCELLED_REASON, CHANGED, CHANGED_BYTES, CHANGED_LEAVES, CHANGED_PRICE, CHANGED_QUANTITY,
  DONE, FILL_AS_TAKER, FILL_ENDS_ORDER, FILL_IN_AUCTION, FILLED, FILLED_BYTES, FILLED_FEE, FILLED_FEE_ASSET, FILLED_LEAVES, FILLED_PRICE, FILLED_QUANTITY, FILLED_TRADE_ID, QUOTES, QUOTES_BYTES, QUOTES_STATES, QUOTES_UNTIL,
  REJECT_OF_SERVER, REJECTED, REJECTED_BYTES, REJECTED_CODE, REJECTED_COMMAND, REPEATED, REPEATED_BYTES, REPEATED_FIRST_SEQUENCE, SERVER_REJECTS, STEP_REJECTED, STEP_REJECTED_BYTES, STEP_REJECTED_CODE, STEP_REJECTED_STEP,
  SWITCH, SWITCH_AT, SWITCH_BYTES, SWITCH_FIRED, TRIGGERED, TRIGGERED_BYTES, type ServerReject,
} from '@bourse/client/tcp'
import * as core from '@bourse/core'
import type { Catalog, FrameBuffer, RejectCode } from '@bourse/core'
import type { Outbox } from './outbox.js'

const NO_MARKET = core.NONE_16

/** An event that concerns an account, and the request of the session that it answers; 0 for none. */
export interface Concern {
  readonly outbox: Outbox
  readonly events: FrameBuffer
  readonly offset: number
  readonly request: number
}

/** Whose events {@link writeAnswer} takes: those that name one account in their head. */
export function isAccountEvent(type: number): boolean {
  return ACCOUNT_EVENTS[type] === 1
}

const ACCOUNT_EVENTS = new Uint8Array(256)
for (const type of [
  core.ORDER_ACCEPTED, core.ORDER_CANCELLED, core.ORDER_EXPIRED, core.ORDER_REDUCED, core.ORDER_AMENDED, core.ORDER_TRIGGERED, core.COMMAND_REJECTED, core.COMMAND_REPEATED, core.STEP_REJECTED,
  core.DEAD_MAN_SWITCH_SET, core.DEAD_MAN_SWITCH_FIRED, core.QUOTES_PROTECTED, core.QUOTES_FROZEN, core.QUOTES_UNFROZEN,
]) ACCOUNT_EVENTS[type] = 1

/** Writes the answer to any event but a trade. */
export function writeAnswer(concern: Concern): void {
  const { events, offset } = concern
  switch (events.type(offset)) {
    case core.ORDER_ACCEPTED:
      return writeAccepted(concern)
    case core.ORDER_CANCELLED:
    case core.ORDER_EXPIRED:
      return writeCancelled(concern)
    case core.COMMAND_REJECTED:
      return writeRejected(concern)
    default:
      return writeRare(concern)
  }
}

/** What a party of a trade is told of it. */
export function writeFill({ outbox, events, offset, request }: Concern, isTaker: boolean, catalog: Catalog): void {
  const party = offset + (isTaker ? core.TRADE_TAKER : core.TRADE_MAKER)
  const done = events.u8[offset + (isTaker ? core.TRADE_TAKER_DONE : core.TRADE_MAKER_DONE)] === 1
  const at = begin(outbox, { size: FILLED_BYTES, type: FILLED, events, offset, request })
  const { u8, u16, f64 } = outbox.frames
  u8[at + ANSWER_FLAGS] = (isTaker ? FILL_AS_TAKER : 0) | (done ? FILL_ENDS_ORDER : 0) | (core.isAuctionTrade(events, offset) ? FILL_IN_AUCTION : 0)
  f64[(at + ANSWER_ORDER_ID) >> 3] = events.f64[(party + core.PARTY_ORDER_ID) >> 3]!
  f64[(at + FILLED_TRADE_ID) >> 3] = events.f64[(offset + core.TRADE_ID) >> 3]!
  copyAmount(outbox.frames, at + FILLED_PRICE, events, offset + core.TRADE_PRICE)
  copyAmount(outbox.frames, at + FILLED_QUANTITY, events, offset + core.TRADE_QUANTITY)
  copyAmount(outbox.frames, at + FILLED_FEE, events, party + core.PARTY_FEE)
  copyAmount(outbox.frames, at + FILLED_LEAVES, events, party + core.PARTY_LEAVES_QUANTITY)
  u16[(at + FILLED_FEE_ASSET) >> 1] = feeAsset(events, offset, { isTaker, catalog })
}

/** The asset of a party's fee: what it received, unless the trade says otherwise. */
function feeAsset(events: FrameBuffer, offset: number, { isTaker, catalog }: { isTaker: boolean; catalog: Catalog }): number {
  if (events.u8[offset + core.TRADE_HAS_SPECIAL_FEES] === 1) return core.readSpecialFee(events, offset + (isTaker ? core.SPECIAL_FEE_TAKER : core.SPECIAL_FEE_MAKER)).feeAsset
  const takerBuys = events.u8[offset + core.TRADE_TAKER_SIDE] === 0
  const market = catalog.market(events.market(offset))!
  return takerBuys === isTaker ? market.base : market.quote
}

/** A request without any other effect on the account's orders is done. */
export function writeDone(outbox: Outbox, { request, sequence, timestampUs }: { request: number; sequence: number; timestampUs: number }): void {
  const at = outbox.append(ANSWER_BYTES, DONE)
  const { u16, f64 } = outbox.frames
  u16[(at + ANSWER_MARKET) >> 1] = NO_MARKET
  f64[(at + ANSWER_REQUEST) >> 3] = request
  f64[(at + ANSWER_SEQUENCE) >> 3] = sequence
  f64[(at + ANSWER_TIME) >> 3] = timestampUs
}

/** What the engine never saw. */
export function writeRefusal(outbox: Outbox, refused: { request: number; command: number; timestampUs: number }, why: { engine: RejectCode } | { server: ServerReject }): void {
  const at = outbox.append(REJECTED_BYTES, REJECTED)
  const { u8, u16, f64 } = outbox.frames
  u8[at + ANSWER_FLAGS] = 'server' in why ? REJECT_OF_SERVER : 0
  u16[(at + ANSWER_MARKET) >> 1] = NO_MARKET
  f64[(at + ANSWER_REQUEST) >> 3] = refused.request
  f64[(at + ANSWER_TIME) >> 3] = refused.timestampUs
  u8[at + REJECTED_CODE] = 'server' in why ? SERVER_REJECTS.indexOf(why.server) : core.rejectByte(why.engine)
  u8[at + REJECTED_COMMAND] = refused.command
}

function begin(outbox: Outbox, { size, type, events, offset, request }: { size: number; type: number; events: FrameBuffer; offset: number; request: number }): number {
  const at = outbox.append(size, type)
  const { u16, f64 } = outbox.frames
  u16[(at + ANSWER_MARKET) >> 1] = events.market(offset)
  f64[(at + ANSWER_REQUEST) >> 3] = request
  f64[(at + ANSWER_SEQUENCE) >> 3] = events.sequence(offset)
  f64[(at + ANSWER_TIME) >> 3] = events.timestampUs(offset)
  return at
}

/** Copies 8 bytes in halves: a bigint in between would be a piece of garbage. */
function copyAmount(target: FrameBuffer, to: number, source: FrameBuffer, from: number): void {
  target.u32[to >> 2] = source.u32[from >> 2]!
  target.u32[(to >> 2) + 1] = source.u32[(from >> 2) + 1]!
}

function writeAccepted({ outbox, events, offset, request }: Concern): void {
  const at = begin(outbox, { size: request === 0 ? ACCEPTED_ELSEWHERE_BYTES : ACCEPTED_BYTES, type: ACCEPTED, events, offset, request })
  const { frames } = outbox
  frames.f64[(at + ANSWER_ORDER_ID) >> 3] = events.f64[(offset + core.STATE_ORDER_ID) >> 3]!
  if (request !== 0) return
  frames.u8[at + ACCEPTED_SIDE] = events.u8[offset + core.STATE_SIDE]!
  frames.u8[at + ACCEPTED_ORDER_TYPE] = events.u8[offset + core.STATE_ORDER_TYPE]!
  frames.u8[at + ACCEPTED_TIME_IN_FORCE] = events.u8[offset + core.STATE_TIME_IN_FORCE]!
  frames.i64[(at + ACCEPTED_PRICE) >> 3] = events.i64[(offset + core.STATE_PRICE) >> 3]!
  frames.i64[(at + ACCEPTED_QUANTITY) >> 3] = events.i64[(offset + core.STATE_QUANTITY) >> 3]!
  frames.setText(at + ACCEPTED_CLIENT_ORDER_ID, events.text(offset + core.STATE_CLIENT_ORDER_ID))
}

function writeCancelled({ outbox, events, offset, request }: Concern): void {
  const at = begin(outbox, { size: CANCELLED_BYTES, type: CANCELLED, events, offset, request })
  const { u8, f64 } = outbox.frames
  f64[(at + ANSWER_ORDER_ID) >> 3] = events.f64[(offset + core.STATE_ORDER_ID) >> 3]!
  copyAmount(outbox.frames, at + CANCELLED_QUANTITY, events, offset + core.CANCELLED_QUANTITY)
  if (events.type(offset) === core.ORDER_EXPIRED) u8[at + ANSWER_FLAGS] = CANCEL_IS_EXPIRY
  else u8[at + CANCELLED_REASON] = events.u8[offset + core.STATE_REASON]!
}

function writeRejected({ outbox, events, offset, request }: Concern): void {
  const at = begin(outbox, { size: REJECTED_BYTES, type: REJECTED, events, offset, request })
  const { u8 } = outbox.frames
  u8[at + REJECTED_CODE] = events.u8[offset + core.RESULT_CODE]!
  u8[at + REJECTED_COMMAND] = events.u8[offset + core.RESULT_COMMAND]!
}

/** The events that no program sends a million of a second are decoded first. */
function writeRare({ outbox, events, offset, request }: Concern): void {
  const event = core.decodeEvent(events, offset)
  const head = { events, offset, request }
  switch (event.type) {
    case 'order.reduced':
    case 'order.amended': {
      const at = begin(outbox, { ...head, size: CHANGED_BYTES, type: CHANGED })
      const { f64, i64 } = outbox.frames
      f64[(at + ANSWER_ORDER_ID) >> 3] = event.orderId
      i64[(at + CHANGED_PRICE) >> 3] = event.price
      i64[(at + CHANGED_QUANTITY) >> 3] = event.quantity
      i64[(at + CHANGED_LEAVES) >> 3] = event.leavesQuantity
      return
    }
    case 'order.triggered': {
      const at = begin(outbox, { ...head, size: TRIGGERED_BYTES, type: TRIGGERED })
      outbox.frames.f64[(at + ANSWER_ORDER_ID) >> 3] = event.orderId
      return
    }
    case 'command.repeated': {
      const at = begin(outbox, { ...head, size: REPEATED_BYTES, type: REPEATED })
      outbox.frames.f64[(at + ANSWER_ORDER_ID) >> 3] = event.orderId
      outbox.frames.f64[(at + REPEATED_FIRST_SEQUENCE) >> 3] = event.firstSequence
      return
    }
    case 'step.rejected': {
      const at = begin(outbox, { ...head, size: STEP_REJECTED_BYTES, type: STEP_REJECTED })
      outbox.frames.u8[at + STEP_REJECTED_CODE] = core.rejectByte(event.code)
      outbox.frames.u8[at + STEP_REJECTED_STEP] = core.REPLACE_STEPS.indexOf(event.step)
      return
    }
    case 'dead-man-switch.set':
    case 'dead-man-switch.fired': {
      const fired = event.type === 'dead-man-switch.fired'
      const at = begin(outbox, { ...head, size: SWITCH_BYTES, type: SWITCH })
      outbox.frames.u8[at + ANSWER_FLAGS] = fired ? SWITCH_FIRED : 0
      outbox.frames.f64[(at + SWITCH_AT) >> 3] = (fired ? event.dueAtUs : event.firesAtUs) ?? 0
      return
    }
    case 'quotes.protected':
    case 'quotes.frozen':
    case 'quotes.unfrozen': {
      const at = begin(outbox, { ...head, size: QUOTES_BYTES, type: QUOTES })
      outbox.frames.u8[at + ANSWER_FLAGS] = QUOTES_STATES.findIndex((state) => event.type === `quotes.${state}`)
      if (event.type === 'quotes.frozen') outbox.frames.f64[(at + QUOTES_UNTIL) >> 3] = event.untilUs ?? 0
      return
    }
    default:
      throw new Error(`The event ${event.type} is no answer.`)
  }
}
