/** The records of custody in SQL: truth, to be backed up with the journal. Amounts are integers written as text, of any size. */
import type { Knex } from 'knex'
import type { Migration } from '@bourse/plugin'

export interface DepositAddressRecord {
  account: string
  asset: string
  network: string
  address: string
  /** Empty where the chain needs none. */
  tag: string
  created_ms: bigint | number
}

/**
 * - `pending`: seen, not final.
 * - `crediting`: final; the ledger is about to be told, or has been.
 * - `credited`: the ledger has it.
 * - `too_small`: below the minimum, or below one unit of the ledger; never credited.
 * - `dropped`: left the chain before it was final; pending again if it comes back.
 */
export type DepositState = 'pending' | 'crediting' | 'credited' | 'too_small' | 'dropped'

export interface DepositRecord {
  position: bigint
  deposit_id: string
  /** Null while nobody is known to whom the address belongs. */
  account: string | null
  asset: string
  address: string
  tag: string
  txid: string
  /** In units of the chain. */
  chain_amount: string
  /** What is credited, in ledger units. */
  amount: string
  /** What is left of it below one ledger unit, in units of the chain. */
  dust: string
  /** Decimals of a ledger unit and of a chain unit. */
  scale: bigint | number
  decimals: bigint | number
  confirmations: bigint | number
  required_confirmations: bigint | number
  state: DepositState
  /** Why it does not go on, for the operator. */
  note: string | null
  created_ms: bigint | number
  updated_ms: bigint | number
}

/**
 * - `reserving`: asked for; the holds are being placed.
 * - `unreserving`: refused half way; the first hold is being given back, then the record goes.
 * - `reserved`: all money is held; to be broadcast.
 * - `broadcast`: the chain has taken it.
 * - `settling`: confirmed by the chain; the holds are being paid out.
 * - `confirmed`: done.
 * - `releasing`: failed for good; the holds are being given back.
 * - `failed`: done, nothing was paid.
 */
export type WithdrawalState = 'reserving' | 'unreserving' | 'reserved' | 'broadcast' | 'settling' | 'confirmed' | 'releasing' | 'failed'

export interface WithdrawalRecord {
  position: bigint
  withdrawal_id: string
  account: string
  request_id: string
  asset: string
  address: string
  /** What leaves the balance, in ledger units. */
  amount: string
  /** The part of it that stays with the exchange, in ledger units. */
  fee: string
  /** What the recipient gets, in units of the chain. */
  chain_amount: string
  /** Decimals of a ledger unit. */
  scale: bigint | number
  state: WithdrawalState
  txid: string | null
  confirmations: bigint | number
  /** Why it failed or does not go on. */
  note: string | null
  created_ms: bigint | number
  updated_ms: bigint | number
}

export const custodyMigrations: readonly Migration[] = [
  {
    name: 'custody_0001_deposits_and_withdrawals',
    async up(knex) {
      await createDepositAddresses(knex)
      await createDeposits(knex)
      await createWithdrawals(knex)
    },
    async down(knex) {
      for (const table of ['withdrawals', 'deposits', 'deposit_addresses']) await knex.schema.dropTable(table)
    },
  },
]

async function createDepositAddresses(knex: Knex): Promise<void> {
  await knex.schema.createTable('deposit_addresses', (table) => {
    table.text('account').notNullable()
    table.text('asset').notNullable()
    table.text('network').notNullable()
    table.text('address').notNullable()
    table.text('tag').notNullable()
    table.bigInteger('created_ms').notNullable()
    table.primary(['account', 'asset', 'network'])
    table.unique(['asset', 'address', 'tag'])
  })
}

async function createDeposits(knex: Knex): Promise<void> {
  await knex.schema.createTable('deposits', (table) => {
    table.bigIncrements('position')
    table.text('deposit_id').notNullable().unique()
    table.text('account')
    for (const column of ['asset', 'address', 'tag', 'txid', 'chain_amount', 'amount', 'dust']) table.text(column).notNullable()
    for (const column of ['scale', 'decimals', 'confirmations', 'required_confirmations', 'created_ms', 'updated_ms']) table.bigInteger(column).notNullable()
    table.text('state').notNullable()
    table.text('note')
    table.index(['account', 'position'])
    table.index(['state'])
  })
}

async function createWithdrawals(knex: Knex): Promise<void> {
  await knex.schema.createTable('withdrawals', (table) => {
    table.bigIncrements('position')
    table.text('withdrawal_id').notNullable().unique()
    for (const column of ['account', 'request_id', 'asset', 'address', 'amount', 'fee', 'chain_amount', 'state']) table.text(column).notNullable()
    for (const column of ['scale', 'confirmations', 'created_ms', 'updated_ms']) table.bigInteger(column).notNullable()
    table.text('txid')
    table.text('note')
    table.unique(['account', 'request_id'])
    table.index(['account', 'position'])
    table.index(['state'])
  })
}
