/** Decodes the events of money that moves or is set aside. */
import type { FrameBuffer } from '../../values/frames.js'
import { eventBase, i64At } from './decode-fields.js'
import { HOLD_EVENT_AMOUNT, HOLD_EVENT_ID, POSTED_AMOUNT, POSTED_REQUEST_ID, POSTED_TO, SETTLED_TO } from '../frames/event-layout.js'
import type { HoldPlaced, HoldReleased, HoldSettled, TransferPosted } from '../events/events.js'

export function decodeTransferPosted(frames: FrameBuffer, offset: number): TransferPosted {
  const account = frames.account(offset)
  const asset = frames.asset(offset)
  return {
    type: 'transfer.posted',
    ...eventBase(frames, offset),
    requestId: frames.text(offset + POSTED_REQUEST_ID),
    from: account,
    to: frames.u32[(offset + POSTED_TO) >> 2]!,
    asset,
    amount: i64At(frames, offset + POSTED_AMOUNT),
  }
}

export function decodeHoldPlaced(frames: FrameBuffer, offset: number): HoldPlaced {
  return { type: 'hold.placed', ...eventBase(frames, offset), ...holdFields(frames, offset) }
}

export function decodeHoldSettled(frames: FrameBuffer, offset: number): HoldSettled {
  return { type: 'hold.settled', ...eventBase(frames, offset), ...holdFields(frames, offset), to: frames.u32[(offset + SETTLED_TO) >> 2]! }
}

export function decodeHoldReleased(frames: FrameBuffer, offset: number): HoldReleased {
  return { type: 'hold.released', ...eventBase(frames, offset), ...holdFields(frames, offset) }
}

function holdFields(frames: FrameBuffer, offset: number): { holdId: string; account: number; asset: number; amount: bigint } {
  return {
    holdId: frames.text(offset + HOLD_EVENT_ID),
    account: frames.account(offset),
    asset: frames.asset(offset),
    amount: frames.i64[(offset + HOLD_EVENT_AMOUNT) >> 3]!,
  }
}
