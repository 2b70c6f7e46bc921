/** How far a deposit or a withdrawal has come. */
import { useText } from '../../i18n/texts.js'
import type { Deposit, Withdrawal } from '../../stores/wire.js'

export function DepositStatus({ deposit }: { deposit: Deposit }) {
  const text = useText()
  if (deposit.status !== 'pending') return <span className={deposit.status === 'credited' ? 'buy' : 'sell'}>{text(`deposit.status.${deposit.status}`)}</span>
  const share = deposit.requiredConfirmations === 0 ? 100 : Math.min(100, (deposit.confirmations / deposit.requiredConfirmations) * 100)
  return (
    <span className="progress">
      <span className="progress__bar" style={{ '--share': `${share}%` } as Record<string, string>} />
      <span className="number">{text('deposit.confirmed', { now: Math.min(deposit.confirmations, deposit.requiredConfirmations), required: deposit.requiredConfirmations })}</span>
    </span>
  )
}

const WITHDRAWAL_CLASSES: Record<Withdrawal['status'], string> = { pending: '', broadcast: 'warning', confirmed: 'buy', failed: 'sell' }

export function WithdrawalStatus({ withdrawal }: { withdrawal: Withdrawal }) {
  const text = useText()
  return <span className={WITHDRAWAL_CLASSES[withdrawal.status]}>{text(`withdraw.status.${withdrawal.status}`)}</span>
}
