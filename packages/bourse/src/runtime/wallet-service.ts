/** Shows custody to the gateway, in the words of the API. */
import { ApiFailure, type WalletService } from '@bourse/api'
import { CustodyError, type Custody } from '@bourse/custody'
import type { Deposit as CustodyDeposit, Withdrawal as CustodyWithdrawal } from '@bourse/custody'
import type { Deposit, Withdrawal } from '@bourse/client'

const STATUS: Readonly<Record<string, number>> = { invalid_request: 400, conflict: 409 }

export function walletService(custody: Custody): WalletService {
  return {
    depositAddress: (userId, asset) =>
      answer(async () => {
        const { network, address, tag } = await custody.depositAddress(userId, asset)
        return { asset, network, address, tag: tag ?? null }
      }),
    deposits: (userId, page) => answer(async () => pageOf(await custody.deposits(userId, page), deposit)),
    withdraw: (userId, request) => answer(async () => withdrawal(await custody.withdraw(userId, request))),
    withdrawals: (userId, page) => answer(async () => pageOf(await custody.withdrawals(userId, page), withdrawal)),
    faucet: (userId, asset, amount) => answer(() => custody.faucet(userId, asset, amount)),
    onChange: (listener) =>
      custody.onChange((userId, change) => {
        listener({
          userId,
          ...(change.deposit !== undefined && { deposits: [deposit(change.deposit)] }),
          ...(change.withdrawal !== undefined && { withdrawals: [withdrawal(change.withdrawal)] }),
        })
      }),
  }
}

async function answer<Result>(ask: () => Promise<Result>): Promise<Result> {
  try {
    return await ask()
  } catch (error) {
    if (!(error instanceof CustodyError)) throw error
    throw new ApiFailure({ status: STATUS[error.code] ?? 422, code: error.code, message: error.message, field: error.field })
  }
}

function pageOf<From, To>(page: { readonly items: readonly From[]; readonly nextCursor: string | null }, view: (item: From) => To): { items: To[]; nextCursor: string | null } {
  return { items: page.items.map(view), nextCursor: page.nextCursor }
}

/** Dust stays on custody's record; the API tells what is credited. */
function deposit({ dust: _dust, ...shown }: CustodyDeposit): Deposit {
  return shown
}

function withdrawal({ reason: _reason, ...shown }: CustodyWithdrawal): Withdrawal {
  return shown
}
