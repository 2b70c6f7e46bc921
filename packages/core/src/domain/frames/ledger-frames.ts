/** Offsets and writers of the commands that move money; the layouts stand in the table of `command-frames.ts`. */
import type { FrameBuffer } from '../../values/frames.js'
import { appendCommand } from '../encoding/append-command.js'
import { LEDGER_HOLD, LEDGER_RELEASE, LEDGER_SETTLE, LEDGER_TRANSFER } from './command-bytes.js'

/** Byte offsets inside the frames, from the frame's first byte. */
export const TRANSFER_TO = 32
export const TRANSFER_WITHIN = 36
export const TRANSFER_AMOUNT = 40
export const TRANSFER_REQUEST_ID = 48
export const HOLD_AMOUNT = 32
export const HOLD_ID = 40
export const HOLD_END_ID = 32

export function writeLedgerTransfer(
  frames: FrameBuffer,
  transfer: { requestId: string; from: number; to: number; asset: number; amount: bigint; withinFamily?: boolean },
): number {
  const offset = appendCommand(frames, LEDGER_TRANSFER)
  frames.u32[(offset + 4) >> 2] = transfer.from
  frames.u16[(offset + 26) >> 1] = transfer.asset
  frames.u32[(offset + TRANSFER_TO) >> 2] = transfer.to
  frames.i64[(offset + TRANSFER_AMOUNT) >> 3] = transfer.amount
  frames.u8[offset + TRANSFER_WITHIN] = transfer.withinFamily === true ? 1 : 0
  frames.setText(offset + TRANSFER_REQUEST_ID, transfer.requestId)
  return offset
}

export function writeLedgerHold(frames: FrameBuffer, hold: { holdId: string; account: number; asset: number; amount: bigint }): number {
  const offset = appendCommand(frames, LEDGER_HOLD)
  frames.u32[(offset + 4) >> 2] = hold.account
  frames.u16[(offset + 26) >> 1] = hold.asset
  frames.i64[(offset + HOLD_AMOUNT) >> 3] = hold.amount
  frames.setText(offset + HOLD_ID, hold.holdId)
  return offset
}

export function writeLedgerSettle(frames: FrameBuffer, holdId: string, to: number): number {
  const offset = appendCommand(frames, LEDGER_SETTLE)
  frames.u32[(offset + 4) >> 2] = to
  frames.setText(offset + HOLD_END_ID, holdId)
  return offset
}

export function writeLedgerRelease(frames: FrameBuffer, holdId: string): number {
  const offset = appendCommand(frames, LEDGER_RELEASE)
  frames.setText(offset + HOLD_END_ID, holdId)
  return offset
}
