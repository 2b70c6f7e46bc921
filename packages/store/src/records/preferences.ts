/** What a person has chosen about how the exchange looks to them: one JSON object each. */
import type { Knex } from 'knex'
import { PREFERENCES } from './record-tables.js'

export interface Preferences {
  /** Undefined before the first change. */
  get(userId: string): Promise<unknown>
  set(userId: string, value: object): Promise<void>
}

interface PreferenceRecord {
  user_id: string
  value: string
}

export function createPreferences(knex: Knex): Preferences {
  return {
    async get(userId) {
      const record = await knex<PreferenceRecord>(PREFERENCES).where({ user_id: userId }).first()
      const value: unknown = record === undefined ? undefined : JSON.parse(record.value)
      return value
    },
    async set(userId, value) {
      await knex<PreferenceRecord>(PREFERENCES).insert({ user_id: userId, value: JSON.stringify(value) }).onConflict('user_id').merge()
    },
  }
}
