/** What the gateway asks of custody: addresses, deposits, withdrawals, test money; in the words of the API. */
import type { Deposit, DepositAddress, Page, Withdrawal, WithdrawRequest } from '@bourse/client'

export interface WalletPage {
  readonly cursor?: string | undefined
  readonly limit: number
}

/** Refusals are thrown as ApiFailure. */
export interface WalletService {
  depositAddress(userId: string, asset: string): Promise<DepositAddress>
  deposits(userId: string, page: WalletPage): Promise<Page<Deposit>>
  withdraw(userId: string, request: WithdrawRequest): Promise<Withdrawal>
  withdrawals(userId: string, page: WalletPage): Promise<Page<Withdrawal>>
  faucet(userId: string, asset: string, amount: string): Promise<{ txid: string }>
  /** Calls the listener when a deposit or withdrawal of somebody goes a step further; returns the function that stops that. */
  onChange(listener: (change: WalletChange) => void): () => void
}

export interface WalletChange {
  readonly userId: string
  readonly deposits?: readonly Deposit[]
  readonly withdrawals?: readonly Withdrawal[]
}
