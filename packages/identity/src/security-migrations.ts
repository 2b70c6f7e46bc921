/** The tables of what keeps accounts safe: proofs, devices, second factors, mails, the audit log and approvals. */
import type { Migration } from '@bourse/plugin'

/** What is known of a person beside their log-in; everybody who was there before counts as verified. */
const personalFacts: Migration = {
  name: 'identity_0004_account_security',
  async up(knex) {
    await knex.schema.createTable('user_security', (table) => {
      table.text('user_id').primary().references('users.user_id').onDelete('CASCADE')
      table.bigInteger('email_verified_ms')
      table.text('language')
      table.text('anti_phishing_code')
      table.bigInteger('frozen_ms')
      table.bigInteger('withdrawals_held_until_ms')
    })
    await knex.raw('insert into user_security (user_id, email_verified_ms) select user_id, created_ms from users')
    await knex.schema.alterTable('sessions', (table) => {
      /** When the person last proved who they are, by password or second factor. */
      table.bigInteger('proved_ms').notNullable().defaultTo(0)
      table.text('address')
      table.text('device_id')
    })
    await knex.schema.createTable('devices', (table) => {
      table.text('user_id').notNullable().references('users.user_id').onDelete('CASCADE')
      /** The hash of a random token in the browser's cookie, or of what a program says of itself. */
      table.text('device_id').notNullable()
      table.text('label').notNullable()
      table.text('last_address').notNullable()
      table.bigInteger('first_seen_ms').notNullable()
      table.bigInteger('last_seen_ms').notNullable()
      table.primary(['user_id', 'device_id'])
    })
    await knex.schema.createTable('one_time_tokens', (table) => {
      table.text('token_hash').primary()
      table.text('purpose').notNullable()
      table.text('user_id').references('users.user_id').onDelete('CASCADE').index()
      table.text('content').notNullable()
      table.bigInteger('expires_ms').notNullable().index()
    })
  },
  async down(knex) {
    await knex.schema.dropTable('one_time_tokens')
    await knex.schema.dropTable('devices')
    await knex.schema.alterTable('sessions', (table) => {
      table.dropColumns('proved_ms', 'address', 'device_id')
    })
    await knex.schema.dropTable('user_security')
  },
}

/** A mail is written in the transaction of its cause; its content is sealed, and forgotten once it is sent. */
const mails: Migration = {
  name: 'identity_0005_mails',
  async up(knex) {
    await knex.schema.createTable('mails', (table) => {
      table.text('mail_id').primary()
      table.text('recipient').notNullable()
      table.text('template').notNullable()
      table.text('content')
      table.bigInteger('created_ms').notNullable()
      table.bigInteger('due_ms').index()
      table.integer('attempts').notNullable().defaultTo(0)
      table.bigInteger('sent_ms')
      table.text('last_error')
    })
  },
  async down(knex) {
    await knex.schema.dropTable('mails')
  },
}

const secondFactors: Migration = {
  name: 'identity_0006_second_factors',
  async up(knex) {
    await knex.schema.createTable('totp_secrets', (table) => {
      table.text('user_id').primary().references('users.user_id').onDelete('CASCADE')
      table.text('secret').notNullable()
      table.bigInteger('confirmed_ms')
      /** The newest step of time whose code was taken: it and older ones are refused. */
      table.bigInteger('last_step').notNullable().defaultTo(0)
    })
    await knex.schema.createTable('recovery_codes', (table) => {
      table.text('user_id').notNullable().references('users.user_id').onDelete('CASCADE')
      table.text('code_hash').notNullable()
      table.bigInteger('used_ms')
      table.primary(['user_id', 'code_hash'])
    })
    await knex.schema.createTable('passkeys', (table) => {
      table.text('credential_id').primary()
      table.text('user_id').notNullable().references('users.user_id').onDelete('CASCADE').index()
      table.text('label').notNullable()
      table.text('public_key').notNullable()
      table.bigInteger('counter').notNullable()
      table.text('transports').notNullable()
      table.bigInteger('created_ms').notNullable()
      table.bigInteger('last_used_ms')
    })
  },
  async down(knex) {
    await knex.schema.dropTable('passkeys')
    await knex.schema.dropTable('recovery_codes')
    await knex.schema.dropTable('totp_secrets')
  },
}

/** No reference to people: what was done stays written when the person is gone. */
const auditAndApprovals: Migration = {
  name: 'identity_0007_audit_and_approvals',
  async up(knex) {
    await knex.schema.createTable('audit_log', (table) => {
      table.bigInteger('sequence').primary()
      table.bigInteger('timestamp_ms').notNullable()
      table.text('actor').notNullable()
      table.text('action').notNullable()
      table.text('subject').notNullable().index()
      table.text('details').notNullable()
      table.text('hash').notNullable()
    })
    await knex.schema.createTable('approvals', (table) => {
      table.text('approval_id').primary()
      table.text('action').notNullable()
      table.text('input').notNullable()
      table.text('reason').notNullable()
      table.text('state').notNullable().index()
      table.text('requested_by').notNullable()
      table.bigInteger('requested_ms').notNullable()
      table.bigInteger('expires_ms').notNullable()
      table.text('decided_by')
      table.bigInteger('decided_ms')
      table.text('outcome')
    })
  },
  async down(knex) {
    await knex.schema.dropTable('approvals')
    await knex.schema.dropTable('audit_log')
  },
}

export const securityMigrations: readonly Migration[] = [personalFacts, mails, secondFactors, auditAndApprovals]
