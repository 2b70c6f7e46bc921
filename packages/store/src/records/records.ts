/** What people keep at the exchange beside their money, behind one door. */
import type { Knex } from 'knex'
import { createIdempotentAnswers, type IdempotentAnswers } from './idempotent-answers.js'
import { createPreferences, type Preferences } from './preferences.js'
import { createPriceAlerts, type PriceAlerts } from './price-alerts.js'
import { createSubAccounts, type SubAccounts } from './sub-accounts.js'

export interface Records {
  readonly subAccounts: SubAccounts
  readonly preferences: Preferences
  readonly priceAlerts: PriceAlerts
  readonly idempotentAnswers: IdempotentAnswers
}

export function createRecords(knex: Knex): Records {
  return { subAccounts: createSubAccounts(knex), preferences: createPreferences(knex), priceAlerts: createPriceAlerts(knex), idempotentAnswers: createIdempotentAnswers(knex) }
}
