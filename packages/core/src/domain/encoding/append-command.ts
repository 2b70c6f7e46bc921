/** Makes room for the frame of a command. */
import { FRAME_HEADER_BYTES, type FrameBuffer } from '../../values/frames.js'
import { COMMAND_BYTES } from '../frames/command-bytes.js'

/** Appends a zeroed frame of the size of its type. @returns its offset */
export function appendCommand(frames: FrameBuffer, type: number): number {
  return frames.append(COMMAND_BYTES[type] ?? FRAME_HEADER_BYTES, type)
}
