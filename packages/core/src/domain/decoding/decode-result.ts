/** Decodes the events that say what a command did not do. */
import { NONE_16, NONE_32, type FrameBuffer } from '../../values/frames.js'
import { COMMAND_TYPES } from '../commands/commands.js'
import { eventBase, word } from './decode-fields.js'
import { REJECTED_CLIENT_ORDER_ID, REPEATED_FIRST_SEQUENCE, REPEATED_ORDER_ID, RESULT_CODE, RESULT_COMMAND } from '../frames/event-layout.js'
import type { CommandRejected, CommandRepeated, StepRejected } from '../events/events.js'
import { REJECT_CODES } from '../rejects.js'
import { STEP_CLIENT_ORDER_ID, STEP_CODE, STEP_NAME } from '../frames/replace-frames.js'
import { REPLACE_STEPS } from '../vocabulary.js'

export function decodeCommandRejected(frames: FrameBuffer, offset: number): CommandRejected {
  const account = frames.account(offset)
  const market = frames.market(offset)
  const code = word(REJECT_CODES, frames.u8[offset + RESULT_CODE])
  if (code === 'none') throw new RangeError(`The reject at byte ${offset} carries no code.`)
  return {
    type: 'command.rejected',
    ...eventBase(frames, offset),
    code,
    command: word(COMMAND_TYPES, frames.u8[offset + RESULT_COMMAND]),
    account: account === NONE_32 ? undefined : account,
    market: market === NONE_16 ? undefined : market,
    clientOrderId: frames.text(offset + REJECTED_CLIENT_ORDER_ID),
  }
}

export function decodeCommandRepeated(frames: FrameBuffer, offset: number): CommandRepeated {
  const account = frames.account(offset)
  const command = word(COMMAND_TYPES, frames.u8[offset + RESULT_COMMAND])
  if (command === 'none') throw new RangeError(`The repeated result at byte ${offset} names no command.`)
  return {
    type: 'command.repeated',
    ...eventBase(frames, offset),
    command,
    account: account === NONE_32 ? undefined : account,
    firstSequence: frames.f64[(offset + REPEATED_FIRST_SEQUENCE) >> 3]!,
    orderId: frames.f64[(offset + REPEATED_ORDER_ID) >> 3]!,
  }
}

export function decodeStepRejected(frames: FrameBuffer, offset: number): StepRejected {
  const account = frames.account(offset)
  const market = frames.market(offset)
  const code = word(REJECT_CODES, frames.u8[offset + STEP_CODE])
  if (code === 'none') throw new RangeError(`The refused step at byte ${offset} carries no code.`)
  return { type: 'step.rejected', ...eventBase(frames, offset), step: word(REPLACE_STEPS, frames.u8[offset + STEP_NAME]), code, account, market, clientOrderId: frames.text(offset + STEP_CLIENT_ORDER_ID) }
}
