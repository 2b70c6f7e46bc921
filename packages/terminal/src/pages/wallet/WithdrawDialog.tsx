/** Asks for a withdrawal: address, amount, fee, a last look, done. */
import { useRef, useState, type FormEvent } from 'react'
import { ApiRequestError } from '@bourse/client'
import { decimal, formatDecimal } from '@bourse/core'
import { errorText } from '../../interface/error-text.js'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { DecimalField } from '../../interface/DecimalField.js'
import { Dialog } from '../../interface/Dialog.js'
import { TextField } from '../../interface/TextField.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import { writeAmount } from '../../stores/market-units.js'
import { ProofCancelled } from '../../stores/proof.js'
import type { Asset } from '../../stores/wire.js'
import { checkWithdrawal, receivedAmount } from './withdraw-check.js'

export function WithdrawDialog({ asset, network, onClose }: { asset: Asset; network: NonNullable<Asset['network']>; onClose(): void }) {
  const text = useText()
  const { client, account, notices, proof } = useTerminal()
  const available = decimal(useSelect(account.store, (state) => state.balances.get(asset.code)?.available ?? '0'), asset.scale)
  const [address, setAddress] = useState('')
  const [amount, setAmount] = useState('')
  const [looking, setLooking] = useState(false)
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<{ field: 'address' | 'amount' | null; message: string } | null>(null)
  /** Stays the same until the exchange has answered: a lost answer never withdraws twice. */
  const requestId = useRef(`w-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`)

  const terms = { asset, network, available }
  const received = receivedAmount(amount, terms)
  const write = (units: bigint): string => `${groupThousands(trimZeros(formatDecimal(units, asset.scale), 2))} ${asset.code}`
  const edit = (set: (value: string) => void) => (value: string): void => {
    setProblem(null)
    set(value)
  }

  const submit = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const check = checkWithdrawal({ address, amount }, terms)
    if (!check.ok) {
      setLooking(false)
      return setProblem({ field: check.field, message: text(check.text, check.values) })
    }
    if (!looking) return setLooking(true)
    setBusy(true)
    try {
      const withdrawal = await proof.withProof(() => client.withdraw({ requestId: requestId.current, asset: asset.code, address: check.address, amount: check.amount }))
      account.histories.withdrawals.merge([withdrawal])
      notices.show({ kind: 'success', title: text('withdraw.accepted'), detail: write(decimal(check.amount, asset.scale)) })
      onClose()
    } catch (error) {
      if (!(error instanceof ApiRequestError) || error.code !== 'unavailable') requestId.current = `w-${crypto.getRandomValues(new Uint32Array(3)).join('-')}`
      if (error instanceof ProofCancelled) return setBusy(false)
      const field = error instanceof ApiRequestError && (error.code === 'invalid_address' || error.field === 'address') ? 'address' : error instanceof ApiRequestError && error.field === 'amount' ? 'amount' : null
      setProblem({ field, message: errorText(error) })
      setLooking(false)
      setBusy(false)
    }
  }

  return (
    <Dialog title={text('withdraw.title', { asset: asset.code })} onClose={onClose} testId="withdraw-dialog">
      <form className="wallet-dialog__form" onSubmit={(event) => void submit(event)} noValidate>
        {looking ? (
          <dl className="wallet-dialog__facts">
            <div><dt>{text('withdraw.address')}</dt></div>
            <dd className="wallet-dialog__address"><code>{address.trim()}</code></dd>
          </dl>
        ) : (
          <>
            <TextField label={text('withdraw.address')} placeholder={text('withdraw.addressOn', { network: network.name })} value={address} autoComplete="off" spellCheck={false} testId="withdraw-address" error={problem?.field === 'address' ? problem.message : undefined} onChange={edit(setAddress)} />
            <p className="wallet-dialog__available">
              <span className="muted">{text('wallet.available')}</span>
              <span><span className="number">{write(available)}</span> <button type="button" className="link-button" data-testid="withdraw-all" onClick={() => edit(setAmount)(writeAmount(available, asset.scale))}>{text('withdraw.all')}</button></span>
            </p>
            <DecimalField label={text('withdraw.amount')} unit={asset.code} value={amount} scale={asset.scale} testId="withdraw-amount" error={problem?.field === 'amount' ? problem.message : undefined} onChange={edit(setAmount)} />
          </>
        )}
        <dl className="wallet-dialog__facts">
          <div><dt>{text('deposit.network')}</dt><dd>{network.name}</dd></div>
          {looking ? <div><dt>{text('withdraw.amount')}</dt><dd className="number">{write(decimal(checkedAmount(amount, terms, address), asset.scale))}</dd></div> : <div><dt>{text('withdraw.minimum')}</dt><dd className="number">{write(decimal(network.minimumWithdrawal, asset.scale))}</dd></div>}
          <div><dt>{text('withdraw.fee')}</dt><dd className="number">{write(decimal(network.withdrawalFee, asset.scale))}</dd></div>
          <div><dt>{text('withdraw.receive')}</dt><dd className="number" data-testid="withdraw-receive"><b>{received === null ? '–' : write(received)}</b></dd></div>
        </dl>
        {problem?.field === null && <p className="ticket__problem" role="alert">{problem.message}</p>}
        {looking && <p className="wallet-dialog__warning">{text('withdraw.lastLook')}</p>}
        <Button type="submit" look="primary" size="large" busy={busy} testId="withdraw-submit">{text(looking ? 'withdraw.confirm' : 'withdraw.continue')}</Button>
        {looking && !busy && <Button look="quiet" onClick={() => setLooking(false)}>{text('withdraw.back')}</Button>}
      </form>
    </Dialog>
  )
}

function checkedAmount(amount: string, terms: Parameters<typeof checkWithdrawal>[1], address: string): string {
  const check = checkWithdrawal({ address, amount }, terms)
  return check.ok ? check.amount : '0'
}
