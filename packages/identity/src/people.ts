/** A person as the database knows them: the columns, and how a row becomes a {@link Person}. */
import type { Knex } from 'knex'

/** `customer` trades; the others work for the operator, each with what their task needs. */
export const ROLES = ['customer', 'viewer', 'support', 'compliance', 'finance', 'admin'] as const
export type Role = (typeof ROLES)[number]

/** One person; `userId` is also the name of their account in the engine. */
export interface Person {
  readonly userId: string
  readonly email: string
  readonly role: Role
  readonly createdMs: number
  /** Whether the mailbox has been proved to be theirs. */
  readonly emailVerified: boolean
  /** Frozen: nobody logs in and no key works until the operator lifts it. */
  readonly frozen: boolean
  /** No withdrawal leaves before this time, milliseconds since 1970; 0 when nothing holds them. */
  readonly withdrawalsHeldUntilMs: number
}

export interface PersonRow {
  user_id: string
  email: string
  role: Role
  user_created_ms: bigint | number | string
  email_verified_ms: bigint | number | string | null
  frozen_ms: bigint | number | string | null
  withdrawals_held_until_ms: bigint | number | string | null
}

export const PERSON_COLUMNS = ['users.user_id', 'users.email', 'users.role', 'users.created_ms as user_created_ms', 'user_security.email_verified_ms', 'user_security.frozen_ms', 'user_security.withdrawals_held_until_ms'] as const

/** Joins what {@link PERSON_COLUMNS} reads to a query over `users`. */
export function withSecurity(query: Knex.QueryBuilder): Knex.QueryBuilder {
  return query.leftJoin('user_security', 'user_security.user_id', 'users.user_id')
}

export async function personById(knex: Knex, userId: string): Promise<Person | undefined> {
  const row = await withSecurity(knex('users')).where('users.user_id', userId).first<PersonRow | undefined>(...PERSON_COLUMNS)
  return row === undefined ? undefined : personOf(row)
}

export function personOf(row: PersonRow): Person {
  return {
    userId: row.user_id,
    email: row.email,
    role: row.role,
    createdMs: Number(row.user_created_ms),
    emailVerified: row.email_verified_ms !== null,
    frozen: row.frozen_ms !== null,
    withdrawalsHeldUntilMs: Number(row.withdrawals_held_until_ms ?? 0),
  }
}
