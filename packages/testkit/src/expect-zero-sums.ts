/** The first promise of the ledger, checked on a whole engine. */
import type { Engine } from '@bourse/core'

/** @throws Error unless the invariants hold, the money of every asset sums to zero over all accounts and the world outside, and nobody else is negative. */
export function expectZeroSums(engine: Pick<Engine, 'checkInvariants' | 'catalog' | 'balance'>): void {
  engine.checkInvariants()
  for (const asset of engine.catalog.assets()) {
    let sum = 0n
    for (let account = 0; engine.catalog.accountName(account) !== undefined; account++) {
      const { available, held } = engine.balance(account, asset.id)
      sum += available + held
      if (engine.catalog.accountName(account) !== 'world' && (available < 0n || held < 0n)) throw new Error(`account ${account} is negative in ${asset.code}`)
    }
    if (sum !== 0n) throw new Error(`${asset.code} sums to ${sum}`)
  }
}
