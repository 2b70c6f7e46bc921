/** Shows where to send an asset, and what is on its way. */
import { useEffect, useState } from 'react'
import { errorText } from '../../interface/error-text.js'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { CopyButton } from '../../interface/CopyButton.js'
import { Dialog } from '../../interface/Dialog.js'
import { Skeleton } from '../../interface/EmptyState.js'
import { Icon } from '../../interface/icons.js'
import { QrCode } from '../../interface/QrCode.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Asset } from '../../stores/wire.js'
import { DepositStatus } from './DepositStatus.js'
import { Faucet } from './Faucet.js'

type Network = NonNullable<Asset['network']>
interface Address {
  readonly address: string
  readonly tag: string | null
}

const SHOWN_DEPOSITS = 4

export function DepositDialog({ asset, network, onClose }: { asset: Asset; network: Network; onClose(): void }) {
  const text = useText()
  const { client } = useTerminal()
  const [address, setAddress] = useState<Address | null>(null)
  const [problem, setProblem] = useState<string | null>(null)
  const [attempt, setAttempt] = useState(0)
  useEffect(() => {
    let left = false
    setProblem(null)
    client.depositAddress(asset.code).then(
      (found) => !left && setAddress(found),
      (error: unknown) => !left && setProblem(errorText(error)),
    )
    return () => {
      left = true
    }
  }, [client, asset, attempt])

  return (
    <Dialog title={text('deposit.title', { asset: asset.code })} onClose={onClose} testId="deposit-dialog">
      {problem !== null && (
        <div className="wallet-dialog__warning" role="alert">
          <Icon name="warning" />
          <span>{problem} <button type="button" className="link-button" onClick={() => setAttempt(attempt + 1)}>{text('list.retry')}</button></span>
        </div>
      )}
      {problem === null && address === null && <Skeleton rows={6} />}
      {address !== null && (
        <>
          <div className="wallet-dialog__qr"><QrCode value={address.address} label={text('deposit.qr', { asset: asset.code })} /></div>
          <div>
            <p className="wallet-dialog__label">{text('deposit.address', { asset: asset.code })}</p>
            <div className="wallet-dialog__address">
              <code data-testid="deposit-address">{address.address}</code>
              <CopyButton value={address.address} label={text('deposit.copy')} />
            </div>
          </div>
          {address.tag !== null && (
            <div>
              <p className="wallet-dialog__label">{text('deposit.tag')}</p>
              <div className="wallet-dialog__address"><code>{address.tag}</code><CopyButton value={address.tag} label={text('deposit.copyTag')} /></div>
            </div>
          )}
          <dl className="wallet-dialog__facts">
            <div><dt>{text('deposit.network')}</dt><dd>{network.name}</dd></div>
            <div><dt>{text('deposit.minimum')}</dt><dd>{groupThousands(trimZeros(network.minimumDeposit))} {asset.code}</dd></div>
            <div><dt>{text('deposit.confirmations')}</dt><dd>{network.requiredConfirmations}</dd></div>
          </dl>
          <p className="wallet-dialog__warning"><Icon name="warning" />{text('deposit.warning', { asset: asset.code, network: network.name })}</p>
          {network.faucet && <Faucet asset={asset} />}
          <Coming asset={asset.code} />
        </>
      )}
    </Dialog>
  )
}

/** The latest deposits of the asset, live. */
function Coming({ asset }: { asset: string }) {
  const text = useText()
  const list = useTerminal().account.histories.deposits
  const { items, status } = useSelect(list.store, (state) => state)
  useEffect(() => {
    if (status === 'idle') void list.load()
  }, [list, status])
  const shown = items.filter((deposit) => deposit.asset === asset).slice(0, SHOWN_DEPOSITS)
  if (shown.length === 0) return null
  return (
    <div className="wallet-dialog__coming">
      <p className="muted">{text('deposit.latest')}</p>
      <ul aria-live="polite" data-testid="deposit-latest">
        {shown.map((deposit) => (
          <li key={deposit.depositId}>
            <b className="number">{groupThousands(trimZeros(deposit.amount, 2))} {asset}</b>
            <DepositStatus deposit={deposit} />
          </li>
        ))}
      </ul>
    </div>
  )
}
