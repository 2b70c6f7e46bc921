/** An answer that is a file: written as it is read, so that a long history needs no memory. */
import type { ServerResponse } from 'node:http'
import { Readable } from 'node:stream'
import { pipeline } from 'node:stream/promises'


export interface Download {
  readonly download: {
    readonly contentType: string
    readonly fileName: string
    /** Pieces of text, in order. */
    readonly pieces: AsyncIterable<string>
  }
}

export function isDownload(answer: unknown): answer is Download {
  return typeof answer === 'object' && answer !== null && 'download' in answer
}

/** Writes the pieces as fast as the reader takes them; a reader that goes ends the reading. */
export async function sendDownload(response: ServerResponse, { download }: Download): Promise<void> {
  response.setHeader('Content-Type', download.contentType)
  response.setHeader('Content-Disposition', `attachment; filename="${download.fileName}"`)
  try {
    await pipeline(Readable.from(download.pieces, { objectMode: false }), response)
  } catch (error) {
    // The head has been sent: a file that is cut off is all that can be told.
    if (!isPremature(error)) throw error
  }
}

function isPremature(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ERR_STREAM_PREMATURE_CLOSE'
}
