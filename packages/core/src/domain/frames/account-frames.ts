/** Offsets and writer of the command that opens an account; the layout stands in the table of `command-frames.ts`. */
import type { FrameBuffer } from '../../values/frames.js'
import { appendCommand } from '../encoding/append-command.js'
import { ACCOUNT_OPEN } from './command-bytes.js'

/** Byte offsets inside the frames, from the frame's first byte. */
export const ACCOUNT_KIND = 32
export const ACCOUNT_PURPOSE = 33
export const ACCOUNT_NAME = 36
export const ACCOUNT_GROUP = 72
export const ACCOUNT_PARENT = 108

export function writeAccountOpen(frames: FrameBuffer, account: { name: string; kind: number; group: string; purpose?: number; parent?: number }): number {
  const offset = appendCommand(frames, ACCOUNT_OPEN)
  frames.u8[offset + ACCOUNT_KIND] = account.kind
  frames.setText(offset + ACCOUNT_NAME, account.name)
  frames.setText(offset + ACCOUNT_GROUP, account.group)
  frames.u8[offset + ACCOUNT_PURPOSE] = account.purpose ?? 0
  frames.u32[(offset + ACCOUNT_PARENT) >> 2] = (account.parent ?? -1) + 1
  return offset
}
