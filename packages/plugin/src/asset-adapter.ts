/** The contract of an asset adapter: it yields facts of a chain and never touches the ledger. */

export interface DepositAddress {
  readonly asset: string
  readonly network: string
  readonly address: string
  /** Memo or tag, where the chain needs one. */
  readonly tag?: string
}

/** A payment seen on the chain. `confirmations` may fall again: a reorganisation. */
export interface ObservedDeposit {
  /** Unique and stable per payment: transaction and output, for example `txid:0`. */
  readonly id: string
  readonly txid: string
  readonly asset: string
  readonly address: string
  readonly tag?: string
  /** Integer in units of 10^-decimals of the chain. */
  readonly amount: bigint
  readonly confirmations: number
}

/** `failed` is final: the payment can never be mined any more. `unknown`: the chain has not seen it, or forgot it; broadcasting again is right. */
export type BroadcastStatus =
  | { readonly state: 'unknown' }
  | { readonly state: 'pending'; readonly txid: string; readonly confirmations: number }
  | { readonly state: 'confirmed'; readonly txid: string; readonly confirmations: number }
  | { readonly state: 'failed'; readonly reason: string }

export interface WithdrawalRequest {
  /** Idempotency key: the same id is never paid twice. */
  readonly id: string
  readonly asset: string
  readonly address: string
  readonly tag?: string
  /** Integer in units of 10^-decimals of the chain, without the network fee. */
  readonly amount: bigint
}

export interface NetworkFacts {
  readonly asset: string
  /** Name that people see, for example `Simulated chain`. */
  readonly network: string
  /** Decimals of the chain's own unit. */
  readonly decimals: number
  /** Confirmations until a deposit is credited. */
  readonly requiredConfirmations: number
  /** Decimal strings in the asset. */
  readonly minimumDeposit: string
  readonly minimumWithdrawal: string
  readonly withdrawalFee: string
}

/** What an adapter can do beyond the minimum; a capability that is not listed is not called. */
export type AssetCapability = 'deposit' | 'withdraw' | 'faucet'

export interface AssetAdapter {
  readonly name: string
  readonly apiVersion: 1
  readonly capabilities: readonly AssetCapability[]
  /** One entry for each asset that the adapter serves. */
  networks(): readonly NetworkFacts[]
  start(context: AssetAdapterContext): Promise<void>
  stop(): Promise<void>
  /** The same key gives the same address, for ever. */
  depositAddress(asset: string, key: string): Promise<DepositAddress>
  /** True when the chain could pay to this address. */
  isValidAddress(asset: string, address: string): boolean
  /**
   * All payments to the adapter's addresses that are not yet final, and those that became final since the last call.
   *
   * The caller calls again only when it has dealt with the last answer: a call acknowledges the answer before it. What
   * was answered last is answered again after a restart, so that a crash in between loses nothing; final payments may
   * be repeated at any time. A payment that was not final and is missing from an answer has been dropped by the chain.
   * Throws when the chain cannot be asked; an answer is always complete.
   */
  observeDeposits(): Promise<readonly ObservedDeposit[]>
  /** Pays out, once per request id. Resolves when the chain has taken it; when it throws, the payment may have been sent or not, and the same call again settles it. */
  broadcast(request: WithdrawalRequest): Promise<{ readonly txid: string }>
  status(request: WithdrawalRequest): Promise<BroadcastStatus>
  /** With the capability `faucet`: sends test money to an address, as an outside payer would. Amount in chain units. */
  faucet?(asset: string, address: string, amount: bigint): Promise<{ readonly txid: string }>
}

export interface AssetAdapterContext {
  /** A folder of the adapter's own that survives restarts. */
  readonly dataDir: string
  /** Milliseconds since 1970. */
  now(): number
  log(message: string): void
}

/** Checks the shape once, at start, and refuses an adapter of another version. */
export function defineAssetAdapter(adapter: AssetAdapter): AssetAdapter {
  if (adapter.apiVersion !== 1) {
    throw new Error(`Asset adapter "${adapter.name}" was written for plugin API ${String(adapter.apiVersion)}; this exchange speaks 1. Install a matching version.`)
  }
  if (adapter.capabilities.includes('faucet') && adapter.faucet === undefined) {
    throw new Error(`Asset adapter "${adapter.name}" lists the capability "faucet" without the function faucet().`)
  }
  return adapter
}
