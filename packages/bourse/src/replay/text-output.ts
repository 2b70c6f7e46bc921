/** Files of lines that a replay writes; compressed when the name ends in `.gz`. */
import { createWriteStream } from 'node:fs'
import { once } from 'node:events'
import { finished } from 'node:stream/promises'
import type { Writable } from 'node:stream'
import { createGzip } from 'node:zlib'

export interface TextOutput {
  /** Resolves when more may be written. */
  write(text: string): Promise<void>
  /** Resolves when everything is in the file. */
  close(): Promise<void>
}

/** Creates or replaces the file; with no name, an output that keeps nothing. */
export function openTextOutput(file: string | undefined): TextOutput {
  if (file === undefined) return { write: async () => undefined, close: async () => undefined }
  const target = createWriteStream(file)
  const stream: Writable = file.endsWith('.gz') ? createGzip() : target
  const written = finished(target)
  // A failure is told by whoever awaits the next write or the close.
  written.catch(() => undefined)
  if (stream !== target) stream.pipe(target)
  return {
    async write(text) {
      if (text === '') return
      if (!stream.write(text)) await Promise.race([once(stream, 'drain'), written])
    },
    async close() {
      stream.end()
      await written
    },
  }
}
