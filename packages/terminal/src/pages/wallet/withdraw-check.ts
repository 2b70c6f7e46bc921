/** Checks a withdrawal before it is asked for. */
import { decimal, formatDecimal } from '@bourse/core'
import { readAmount, writeAmount } from '../../stores/market-units.js'
import type { Asset } from '../../stores/wire.js'
import type { TextKey } from '../../i18n/text-keys.js'

export interface WithdrawalTerms {
  readonly asset: Asset
  readonly network: NonNullable<Asset['network']>
  /** In the asset's unit. */
  readonly available: bigint
}

export type WithdrawalCheck =
  | { readonly ok: true; readonly amount: string; readonly address: string }
  | { readonly ok: false; readonly field: 'address' | 'amount'; readonly text: TextKey; readonly values: Record<string, string> }

export function checkWithdrawal(typed: { address: string; amount: string }, { asset, network, available }: WithdrawalTerms): WithdrawalCheck {
  const address = typed.address.trim()
  if (address === '') return { ok: false, field: 'address', text: 'withdraw.problem.address', values: { asset: asset.code } }
  const amount = readAmount(typed.amount, asset.scale)
  if (typed.amount === '' || amount === 0n) return { ok: false, field: 'amount', text: 'ticket.problem.amountMissing', values: {} }
  if (amount === null) return { ok: false, field: 'amount', text: 'ticket.problem.amountDigits', values: { digits: String(asset.scale) } }
  const minimum = decimal(network.minimumWithdrawal, asset.scale)
  if (amount < minimum) return { ok: false, field: 'amount', text: 'withdraw.problem.minimum', values: { minimum: writeAmount(minimum, asset.scale), asset: asset.code } }
  if (amount <= decimal(network.withdrawalFee, asset.scale)) return { ok: false, field: 'amount', text: 'withdraw.problem.fee', values: { fee: network.withdrawalFee, asset: asset.code } }
  if (amount > available) return { ok: false, field: 'amount', text: 'ticket.problem.balance', values: { available: writeAmount(available, asset.scale), asset: asset.code } }
  return { ok: true, address, amount: formatDecimal(amount, asset.scale) }
}

/** What arrives: the amount less the network's fee, never below nothing. */
export function receivedAmount(typedAmount: string, { asset, network }: Pick<WithdrawalTerms, 'asset' | 'network'>): bigint | null {
  const amount = readAmount(typedAmount, asset.scale)
  if (amount === null || amount === 0n) return null
  const received = amount - decimal(network.withdrawalFee, asset.scale)
  return received > 0n ? received : 0n
}
