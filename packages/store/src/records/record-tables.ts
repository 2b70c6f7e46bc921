/** The tables of what people keep at the exchange beside their money: truth, backed up, never rebuilt. */
import type { Migration } from '@bourse/plugin'

export const SUB_ACCOUNTS = 'sub_accounts'
export const PREFERENCES = 'preferences'
export const PRICE_ALERTS = 'price_alerts'
export const IDEMPOTENT_ANSWERS = 'idempotent_answers'

export const recordsMigration: Migration = {
  name: 'store_0004_records_of_people',
  async up(knex) {
    await knex.schema.createTable(SUB_ACCOUNTS, (table) => {
      table.text('account').primary()
      table.text('owner').notNullable()
      table.text('label').notNullable()
      table.bigInteger('created_ms').notNullable()
      table.unique(['owner', 'label'])
    })
    await knex.schema.createTable(PREFERENCES, (table) => {
      table.text('user_id').primary()
      table.text('value').notNullable()
    })
    await knex.schema.createTable(PRICE_ALERTS, (table) => {
      table.text('alert_id').primary()
      table.text('user_id').notNullable()
      table.text('market').notNullable()
      table.text('direction').notNullable()
      table.text('price').notNullable()
      table.text('note').notNullable()
      table.bigInteger('created_ms').notNullable()
      table.bigInteger('fired_ms')
      table.text('fired_price')
      table.index(['user_id', 'created_ms', 'alert_id'])
      table.index(['fired_ms'])
    })
    await knex.schema.createTable(IDEMPOTENT_ANSWERS, (table) => {
      table.text('user_id').notNullable()
      table.text('key').notNullable()
      table.text('fingerprint').notNullable()
      table.text('claim').notNullable()
      table.bigInteger('created_ms').notNullable().index()
      table.bigInteger('status')
      table.text('answer')
      table.primary(['user_id', 'key'])
    })
  },
  async down(knex) {
    for (const table of [SUB_ACCOUNTS, PREFERENCES, PRICE_ALERTS, IDEMPOTENT_ANSWERS]) await knex.schema.dropTable(table)
  },
}
