/** A projection for crash tests: a digest of all events with its cursor, in one file that is replaced as a whole. */
import { createHash } from 'node:crypto'
import { open, readFile, rename } from 'node:fs/promises'
import { join } from 'node:path'
import type { Event } from '@bourse/core'
import type { Projection } from '@bourse/plugin'

export interface Digest {
  readonly cursor: number
  readonly events: number
  readonly hash: string
}

export const EMPTY_DIGEST: Digest = { cursor: 0, events: 0, hash: '' }

/** Folds events into a digest, one by one, so that the pieces in which they come do not matter. */
export function foldDigest(digest: Digest, events: readonly Event[], cursor: number): Digest {
  let { hash } = digest
  for (const event of events) {
    const text = JSON.stringify(event, (_key, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
    hash = createHash('sha1').update(hash).update(text).digest('hex')
  }
  return { cursor, events: digest.events + events.length, hash }
}

export class FileProjection implements Projection {
  readonly name = 'digest'
  private readonly path: string

  constructor(directory: string) {
    this.path = join(directory, 'digest.json')
  }

  async read(): Promise<Digest> {
    const text = await readFile(this.path, 'utf8').catch(() => undefined)
    return text === undefined ? EMPTY_DIGEST : (JSON.parse(text) as Digest)
  }

  async cursor(): Promise<number> {
    return (await this.read()).cursor
  }

  async apply(events: readonly Event[], throughSequence: number): Promise<void> {
    await this.write(foldDigest(await this.read(), events, throughSequence))
  }

  async reset(): Promise<void> {
    await this.write(EMPTY_DIGEST)
  }

  private async write(digest: Digest): Promise<void> {
    const file = await open(`${this.path}.new`, 'w')
    await file.writeFile(JSON.stringify(digest))
    await file.sync()
    await file.close()
    await rename(`${this.path}.new`, this.path)
  }
}
