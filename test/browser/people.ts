/** People who use the exchange, and the ways of theirs that many tests share. */
import { createClient, type BourseClient } from '@bourse/client'
import type { Locator, Page } from 'playwright-core'
import { PATIENCE_MS } from './browser.js'

export interface Person {
  readonly email: string
  readonly password: string
  /** The same account through the API. */
  readonly client: BourseClient
}

let people = 0

/** Someone with an account and, without any screen, with test money that has been credited. */
export async function newPerson(url: string, money: Readonly<Record<string, string>> = {}): Promise<Person> {
  people += 1
  const person = { email: `person-${people}@example.com`, password: 'a long enough passphrase', client: createClient({ baseUrl: url }) }
  const { client } = person
  await client.signUp({ email: person.email, password: person.password })
  for (const [asset, amount] of Object.entries(money)) await client.faucet({ asset, amount })
  await credited(client, money)
  return person
}

/** Resolves when the account has at least this much at its disposal. */
export function credited(client: BourseClient, money: Readonly<Record<string, string>>): Promise<void> {
  return new Promise((resolve, reject) => {
    const available = new Map<string, number>()
    const look = (balances: readonly { asset: string; available: string }[]): void => {
      for (const balance of balances) available.set(balance.asset, Number(balance.available))
      if (Object.entries(money).every(([asset, amount]) => (available.get(asset) ?? 0) >= Number(amount))) resolve()
    }
    client.subscribe({ channel: 'account' }, { onSnapshot: ({ balances }) => look(balances), onMessage: ({ data }) => look(data.balances) }).catch(reject)
  })
}

export async function logIn(page: Page, url: string, { email, password }: { email: string; password: string }): Promise<void> {
  await page.goto(`${url}/log-in`)
  await page.getByTestId('log-in-email').fill(email)
  await page.getByTestId('log-in-password').fill(password)
  await page.getByTestId('log-in-submit').click()
  await page.getByTestId('header-log-in').waitFor({ state: 'detached' })
}

/** Resolves when an element, or one of several, says this. */
export async function says(where: Locator, what: string | RegExp): Promise<void> {
  await where.filter({ hasText: what }).first().waitFor({ timeout: PATIENCE_MS })
}

/** Resolves when the field has this value. */
export async function holds(field: Locator, value: string): Promise<void> {
  const input = await field.elementHandle()
  await field.page().waitForFunction(([element, expected]) => (element as HTMLInputElement).value === expected, [input, value] as const)
}

/** Resolves when a trade has been shown that is not there yet. */
export async function nextTrade(page: Page): Promise<void> {
  const row = page.getByTestId('trade-row').first()
  await row.waitFor()
  const before = await row.textContent()
  await page.waitForFunction((text) => document.querySelector('[data-testid=trade-row]')?.textContent !== text, before)
}
