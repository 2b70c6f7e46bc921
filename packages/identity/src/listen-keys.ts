/** Names under which the private stream of an API key's owner is opened, for old clients that sign nothing on a socket. */
import type { Knex } from 'knex'
import type { RandomBytes } from './tokens.js'

/** A name lives so long after it was made or prolonged. */
export const LISTEN_KEY_MS = 3_600_000
const NAME_BYTES = 32

export interface ListenKeysOptions {
  readonly knex: Knex
  /** Milliseconds since 1970. */
  now(): number
  readonly randomBytes: RandomBytes
}

interface ListenKeyRow {
  name: string
  /** The API key. */
  key: string
  until_ms: bigint | number | string
}

/** Kept as they are: whoever knows the API key's own name gets them anyway. One whose API key is no more leads nowhere. */
export class ListenKeys {
  constructor(private readonly options: ListenKeysOptions) {}

  /** Each API key has one at a time; asked for again, it lives on. */
  async open(key: string): Promise<string> {
    const { knex, now, randomBytes } = this.options
    const untilMs = now() + LISTEN_KEY_MS
    await knex('listen_keys').where('until_ms', '<=', now()).delete()
    await knex<ListenKeyRow>('listen_keys').insert({ name: newName(randomBytes), key, until_ms: untilMs }).onConflict('key').merge({ until_ms: untilMs })
    const row = await knex<ListenKeyRow>('listen_keys').where({ key }).first()
    if (row === undefined) throw new Error(`The listen key of ${key} went as it was made.`)
    return row.name
  }

  /** Lets it live on. @returns false where the key has none of this name. */
  async keepAlive(name: string, key: string): Promise<boolean> {
    const { knex, now } = this.options
    const kept = await knex('listen_keys').where({ name, key }).where('until_ms', '>', now()).update({ until_ms: now() + LISTEN_KEY_MS })
    return kept === 1
  }

  /** @returns false where the key has none of this name. */
  async close(name: string, key: string): Promise<boolean> {
    const { knex, now } = this.options
    const closed = await knex('listen_keys').where({ name, key }).where('until_ms', '>', now()).delete()
    return closed === 1
  }

  /** The API key that it belongs to; undefined where there is none of this name, or none any more. */
  async keyOf(name: string): Promise<string | undefined> {
    const { knex, now } = this.options
    const row = await knex<ListenKeyRow>('listen_keys').where({ name }).where('until_ms', '>', now()).first()
    return row?.key
  }
}

/** Letters and digits only: clients keep it between underscores, and take it out again. */
function newName(randomBytes: RandomBytes): string {
  return Buffer.from(randomBytes(NAME_BYTES)).toString('hex')
}
