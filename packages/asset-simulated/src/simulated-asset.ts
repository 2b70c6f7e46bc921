/** What an operator may say about one asset on the simulated chain, and what follows from it. */
import { decimal } from '@bourse/core'
import type { NetworkFacts } from '@bourse/plugin'

export interface SimulatedAsset {
  readonly asset: string
  /** Decimals of the chain's own unit; 8 when absent. */
  readonly decimals?: number
  readonly requiredConfirmations?: number
  /** Decimal strings in the asset; nothing is too small and nothing costs a fee when absent. */
  readonly minimumDeposit?: string
  readonly minimumWithdrawal?: string
  readonly withdrawalFee?: string
}

const DEFAULT_DECIMALS = 8
const MAX_DECIMALS = 18
const DEFAULT_CONFIRMATIONS = 3

/** @throws RangeError that names the asset and the value that is wrong. */
export function networkFactsOf(given: string | SimulatedAsset, network: string, requiredConfirmations: number | undefined): NetworkFacts {
  const options: SimulatedAsset = typeof given === 'string' ? { asset: given } : given
  const { asset } = options
  if (!/^[A-Z0-9]{1,16}$/.test(asset)) throw new RangeError(`simulatedChain: "${asset}" is not an asset code; it must be 1 to 16 characters of A-Z and 0-9.`)
  const decimals = wholeNumber(`${asset}: decimals`, options.decimals ?? DEFAULT_DECIMALS, 0, MAX_DECIMALS)
  const smallest = decimals === 0 ? '1' : `0.${'1'.padStart(decimals, '0')}`
  const facts = {
    asset,
    network,
    decimals,
    requiredConfirmations: wholeNumber(`${asset}: requiredConfirmations`, options.requiredConfirmations ?? requiredConfirmations ?? DEFAULT_CONFIRMATIONS, 1, 1_000),
    minimumDeposit: options.minimumDeposit ?? smallest,
    minimumWithdrawal: options.minimumWithdrawal ?? smallest,
    withdrawalFee: options.withdrawalFee ?? '0',
  }
  for (const key of ['minimumDeposit', 'minimumWithdrawal', 'withdrawalFee'] as const) decimal(facts[key], decimals)
  return facts
}

/** @throws RangeError when the number is not whole or out of its bounds. */
export function wholeNumber(name: string, value: number, least: number, most: number): number {
  if (Number.isInteger(value) && value >= least && value <= most) return value
  throw new RangeError(`simulatedChain: ${name} must be a whole number from ${least} to ${most}, not ${value}.`)
}
