/** The tables of people, their sessions and their API keys. Only hashes of passwords and session tokens are kept; secrets of keys are sealed. */
import type { Migration } from '@bourse/plugin'
import { securityMigrations } from './security-migrations.js'

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
  {
    name: 'identity_0002_api_keys',
    async up(knex) {
      await knex.schema.createTable('api_keys', (table) => {
        table.text('key').primary()
        table.text('user_id').notNullable().references('users.user_id').onDelete('CASCADE').index()
        table.text('label').notNullable()
        table.text('kind').notNullable()
        table.text('scopes').notNullable()
        table.text('allowed_addresses').notNullable()
        /** HMAC: the sealed secret. Ed25519: the public key. */
        table.text('material').notNullable()
        table.bigInteger('created_ms').notNullable()
        table.bigInteger('expires_ms')
      })
    },
    async down(knex) {
      await knex.schema.dropTable('api_keys')
    },
  },
  {
    name: 'identity_0003_roles',
    async up(knex) {
      await knex.schema.alterTable('users', (table) => {
        table.text('role').notNullable().defaultTo('customer')
      })
    },
    async down(knex) {
      await knex.schema.alterTable('users', (table) => {
        table.dropColumn('role')
      })
    },
  },
  ...securityMigrations,
  {
    name: 'identity_0008_listen_keys',
    async up(knex) {
      await knex.schema.createTable('listen_keys', (table) => {
        table.text('name').primary()
        table.text('key').notNullable().unique()
        table.bigInteger('until_ms').notNullable().index()
      })
    },
    async down(knex) {
      await knex.schema.dropTable('listen_keys')
    },
  },
]
