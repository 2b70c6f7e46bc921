/** Lets withdrawals leave only for those who may: address proved, account open, no hold; and tells their owner by mail. Every interface goes through it. */
import { ApiFailure, emailNotVerified, forbidden } from './http/failures.js'
import type { GatewayServices } from './services.js'
import type { WalletService } from './wallet-service.js'

export function guardWithdrawals({ wallet, identity, accounts, unverifiedMay, now }: Pick<GatewayServices, 'wallet' | 'identity' | 'accounts' | 'unverifiedMay' | 'now'>): WalletService {
  return {
    depositAddress: (userId, asset) => wallet.depositAddress(userId, asset),
    deposits: (userId, page) => wallet.deposits(userId, page),
    withdrawals: (userId, page) => wallet.withdrawals(userId, page),
    faucet: (userId, asset, amount) => wallet.faucet(userId, asset, amount),
    onChange: (listener) => wallet.onChange(listener),
    async withdraw(userId, request) {
      // Read anew: what was remembered a second ago may be what a thief has just changed.
      const user = await identity.userById(userId)
      if (user === undefined || user.frozen) throw forbidden('This account is frozen. Write to the support of the exchange.')
      if (!user.emailVerified && unverifiedMay !== 'everything') throw emailNotVerified()
      if (user.withdrawalsHeldUntilMs > now()) {
        throw new ApiFailure({ status: 403, code: 'withdrawals_held', message: `After a change of password or second factor nothing can be withdrawn for a while: this account waits until ${new Date(user.withdrawalsHeldUntilMs).toISOString()}.` })
      }
      const withdrawal = await wallet.withdraw(userId, request)
      const { withdrawalId, amount, asset, address } = withdrawal
      await accounts.journal.noteOnce({ event: 'withdrawal.requested', userId, details: { withdrawalId, amount, asset, to: address }, cause: `withdrawal:${withdrawalId}` })
      return withdrawal
    },
  }
}
