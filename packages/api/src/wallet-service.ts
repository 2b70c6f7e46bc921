/** What the gateway asks of custody: addresses, deposits, withdrawals, test money; in the words of the API. */
import type { Deposit, DepositAddress, Page, Withdrawal, WithdrawRequest } from '@bourse/client'
import { CustodyError, type Custody, type CustodyPage, type Deposit as CustodyDeposit, type Withdrawal as CustodyWithdrawal } from '@bourse/custody'
import { ApiFailure } from './http/failures.js'

export interface WalletPage {
  readonly cursor?: string | undefined
  readonly limit: number
  readonly asset?: string | undefined
  /** Both inclusive. */
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}
export type DepositsPage = WalletPage & { readonly status?: Deposit['status'] | undefined }
export type WithdrawalsPage = WalletPage & { readonly status?: Withdrawal['status'] | undefined }

/** Refusals are thrown as ApiFailure. */
export interface WalletService {
  depositAddress(userId: string, asset: string): Promise<DepositAddress>
  deposits(userId: string, page: DepositsPage): Promise<Page<Deposit>>
  withdraw(userId: string, request: WithdrawRequest): Promise<Withdrawal>
  withdrawals(userId: string, page: WithdrawalsPage): Promise<Page<Withdrawal>>
  faucet(userId: string, asset: string, amount: string): Promise<{ txid: string }>
  /** Calls the listener when a deposit or withdrawal of somebody goes a step further; returns the function that stops that. */
  onChange(listener: (change: WalletChange) => void): () => void
}

export interface WalletChange {
  readonly userId: string
  readonly deposits?: readonly Deposit[]
  readonly withdrawals?: readonly Withdrawal[]
}

const STATUS: Readonly<Record<string, number>> = { invalid_request: 400, conflict: 409, duplicate_request: 409, unknown_asset: 404 }

/** Shows custody to the gateway. */
export function walletService(custody: Custody): WalletService {
  return {
    depositAddress: (userId, asset) =>
      answer(async () => {
        const { network, address, tag } = await custody.depositAddress(userId, asset)
        return { asset, network, address, tag: tag ?? null }
      }),
    deposits: (userId, page) => answer(async () => pageOf(await custody.deposits(userId, page), depositView)),
    withdraw: (userId, request) => answer(async () => withdrawalView(await custody.withdraw(userId, request))),
    withdrawals: (userId, page) => answer(async () => pageOf(await custody.withdrawals(userId, page), withdrawalView)),
    faucet: (userId, asset, amount) => answer(() => custody.faucet(userId, asset, amount)),
    onChange: (listener) =>
      custody.onChange((userId, { deposit, withdrawal }) => {
        listener({
          userId,
          ...(deposit !== undefined && { deposits: [depositView(deposit)] }),
          ...(withdrawal !== undefined && { withdrawals: [withdrawalView(withdrawal)] }),
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

function pageOf<From, To>({ items, nextCursor }: CustodyPage<From>, view: (item: From) => To): Page<To> {
  return { items: items.map(view), nextCursor }
}

/** Dust stays on custody's record; the API tells what is credited. */
function depositView({ dust: _dust, ...shown }: CustodyDeposit): Deposit {
  return shown
}

function withdrawalView({ reason: _reason, ...shown }: CustodyWithdrawal): Withdrawal {
  return shown
}
