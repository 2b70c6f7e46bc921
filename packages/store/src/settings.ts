/** Small facts that an exchange keeps about itself, by key, as JSON. */
import type { Knex } from 'knex'
import type { Migration } from '@bourse/plugin'

export interface Settings {
  /** The value that was last set, or undefined. */
  get(key: string): Promise<unknown>
  /** Keeps a JSON value durably; undefined forgets the key. */
  set(key: string, value: unknown): Promise<void>
}

export const settingsMigration: Migration = {
  name: 'store_0001_settings',
  async up(knex) {
    await knex.schema.createTable('settings', (table) => {
      table.text('key').primary()
      table.text('value').notNullable()
    })
  },
  async down(knex) {
    await knex.schema.dropTable('settings')
  },
}

interface SettingRecord {
  key: string
  value: string
}

export function createSettings(knex: Knex): Settings {
  return {
    async get(key) {
      const row = await knex<SettingRecord>('settings').where({ key }).first()
      const value: unknown = row === undefined ? undefined : JSON.parse(row.value)
      return value
    },
    async set(key, value) {
      const text = value === undefined ? undefined : JSON.stringify(value)
      if (text === undefined) await knex<SettingRecord>('settings').where({ key }).delete()
      else await knex<SettingRecord>('settings').insert({ key, value: text }).onConflict('key').merge()
    },
  }
}
