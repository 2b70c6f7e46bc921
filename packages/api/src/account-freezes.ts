/** Stops the engine's side of an account that is frozen, its sub-accounts included: no trading, no transfers, open orders cancelled; and opens it again. */
import type { GatewayServices } from './services.js'

/** Follows freezes from now on and catches up on those that a restart has interrupted; returns the function that stops that. */
export function followFreezes({ exchange, accounts, records, log }: Pick<GatewayServices, 'exchange' | 'accounts' | 'records' | 'log'>): () => void {
  const carry = async (userId: string, frozen: boolean): Promise<void> => {
    const below = await records.subAccounts.list(userId)
    for (const account of [userId, ...below.map((row) => row.account)]) {
      const id = exchange.catalog.accountByName(account)
      const wanted = frozen ? 'all' : 'none'
      // Who never had an account in the engine has nothing there to be stopped.
      if (id === undefined || exchange.engine.accountSettings(id)?.frozen === wanted) continue
      const result = await exchange.submit({ type: 'account.update', account, frozen: wanted })
      if (!result.ok) throw new Error(result.reject.code)
    }
  }
  const follow = (userId: string, frozen: boolean): void => {
    carry(userId, frozen).catch((error: unknown) => log.error('A frozen account could not be stopped in the engine; it is tried again at the next start', { userId, error: String(error) }))
  }
  accounts.security.frozen().then(
    (userIds) => userIds.forEach((userId) => follow(userId, true)),
    (error: unknown) => log.error('Frozen accounts could not be read', { error: String(error) }),
  )
  return accounts.security.onFreeze(follow)
}
