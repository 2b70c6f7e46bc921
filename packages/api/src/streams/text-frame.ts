/** Frames of the WebSocket protocol as a server writes them: made once for any number of readers (RFC 6455, section 5.2). */

const FINAL_TEXT = 0x81
const LENGTH_IN_2_BYTES = 126
const LENGTH_IN_8_BYTES = 127

/** A whole message of text. */
export function textFrame(text: string): Buffer {
  const bytes = Buffer.byteLength(text)
  const head = bytes < LENGTH_IN_2_BYTES ? 2 : bytes < 0x10000 ? 4 : 10
  const frame = Buffer.allocUnsafe(head + bytes)
  frame[0] = FINAL_TEXT
  if (head === 2) frame[1] = bytes
  else if (head === 4) {
    frame[1] = LENGTH_IN_2_BYTES
    frame.writeUInt16BE(bytes, 2)
  } else {
    frame[1] = LENGTH_IN_8_BYTES
    frame.writeBigUInt64BE(BigInt(bytes), 2)
  }
  frame.write(text, head)
  return frame
}
