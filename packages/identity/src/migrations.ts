/** The tables of people and their sessions. Only hashes of passwords and of session tokens are kept. */
import type { Migration } from '@bourse/plugin'

export const identityMigrations: readonly Migration[] = [
  {
    name: 'identity_0001_users_and_sessions',
    async up(knex) {
      await knex.schema.createTable('users', (table) => {
        table.text('user_id').primary()
        table.text('email').notNullable().unique()
        table.text('password_hash').notNullable()
        table.bigInteger('created_ms').notNullable()
      })
      await knex.schema.createTable('sessions', (table) => {
        table.text('session_id').primary()
        table.text('user_id').notNullable().references('users.user_id').onDelete('CASCADE').index()
        table.bigInteger('created_ms').notNullable()
        table.bigInteger('expires_ms').notNullable().index()
      })
    },
    async down(knex) {
      await knex.schema.dropTable('sessions')
      await knex.schema.dropTable('users')
    },
  },
]
