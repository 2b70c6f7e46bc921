/** Sends test coins to one's own address, where the network has them to give. */
import { useState, type FormEvent } from 'react'
import { formatDecimal } from '@bourse/core'
import { errorText } from '../../interface/error-text.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { DecimalField } from '../../interface/DecimalField.js'
import { useTerminal } from '../../shell/terminal-context.js'
import { readAmount } from '../../stores/market-units.js'
import type { Asset } from '../../stores/wire.js'
import { estimateAsset } from './estimate.js'

export function Faucet({ asset }: { asset: Asset }) {
  const text = useText()
  const { client, notices, exchange } = useTerminal()
  const [amount, setAmount] = useState(estimateAsset(exchange.markets) === asset.code ? '10000' : '1')
  const [busy, setBusy] = useState(false)
  const [problem, setProblem] = useState<string>()
  const send = async (event: FormEvent): Promise<void> => {
    event.preventDefault()
    const units = readAmount(amount, asset.scale)
    if (units === null || units === 0n) return setProblem(text('ticket.problem.amountMissing'))
    setBusy(true)
    setProblem(undefined)
    try {
      await client.faucet({ asset: asset.code, amount: formatDecimal(units, asset.scale) })
      notices.show({ kind: 'info', title: text('faucet.sent', { asset: asset.code }) })
    } catch (error) {
      setProblem(errorText(error))
    } finally {
      setBusy(false)
    }
  }
  return (
    <form className="wallet-dialog__faucet" onSubmit={(event) => void send(event)}>
      <p>{text('faucet.about')}</p>
      <DecimalField label={text('faucet.amount')} unit={asset.code} value={amount} scale={asset.scale} error={problem} testId="faucet-amount" onChange={setAmount} />
      <Button type="submit" busy={busy} testId="faucet-send">{text('faucet.send')}</Button>
    </form>
  )
}
