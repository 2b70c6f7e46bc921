/** The wallet: what one owns, how more comes in, how it goes out, and everything that happened. */
import { useState, type ReactNode } from 'react'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { EmptyState } from '../../interface/EmptyState.js'
import { Tabs } from '../../interface/Tabs.js'
import { usePhone } from '../../interface/use-size.js'
import { HoldNotice } from '../../shell/HoldNotice.js'
import { navigate, useHash } from '../../shell/navigation.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import { AssetTable } from './AssetTable.js'
import { DepositDialog } from './DepositDialog.js'
import { DepositList } from './DepositList.js'
import { LedgerList } from './LedgerList.js'
import { WalletTotal } from './WalletTotal.js'
import { WithdrawDialog } from './WithdrawDialog.js'
import { WithdrawalList } from './WithdrawalList.js'
import './wallet-page.css'

type List = 'deposits' | 'withdrawals' | 'ledger'
type PhonePart = 'assets' | List

const LISTS: Record<List, () => ReactNode> = { deposits: () => <DepositList />, withdrawals: () => <WithdrawalList />, ledger: () => <LedgerList /> }

export default function WalletPage() {
  const text = useText()
  const phone = usePhone()
  const { session } = useTerminal()
  const { known, user } = useSelect(session.store, (state) => state)
  const [list, setList] = useState<List>('deposits')
  const [part, setPart] = useState<PhonePart>('assets')
  if (!known) return null
  if (user === null) {
    return (
      <EmptyState icon="wallet" title={text('wallet.logIn')}>
        <Button look="primary" onClick={() => navigate({ page: 'log-in' })}>{text('header.logIn')}</Button>
        <Button onClick={() => navigate({ page: 'sign-up' })}>{text('header.signUp')}</Button>
      </EmptyState>
    )
  }
  const lists = (['deposits', 'withdrawals', 'ledger'] as const).map((name) => ({ name, label: text(`wallet.${name}`), testId: `wallet-${name}` }))
  return (
    <div className="wallet">
      <div className="wallet__head">
        <h1>{text('header.wallet')}</h1>
        <WalletTotal />
      </div>
      <HoldNotice user={user} />
      {phone ? (
        <>
          <Tabs className="wallet__tabs" label={text('header.wallet')} selected={part} onSelect={setPart} tabs={[{ name: 'assets', label: text('wallet.assets') }, ...lists]} />
          <section className="wallet__card wallet__card--part">{part === 'assets' ? <AssetTable /> : LISTS[part]()}</section>
        </>
      ) : (
        <>
          <section className="wallet__card"><AssetTable /></section>
          <section className="wallet__card">
            <Tabs className="wallet__tabs" label={text('wallet.history')} selected={list} onSelect={setList} tabs={lists} />
            <div className="wallet__list">{LISTS[list]()}</div>
          </section>
        </>
      )}
      <WalletDialog />
    </div>
  )
}

/** The dialog that the address names behind `#`: `deposit-BTC`, `withdraw-BTC`. */
function WalletDialog() {
  const { exchange } = useTerminal()
  const [what, code] = useHash().split('-')
  const asset = exchange.assets.find((known) => known.code === code)
  const close = (): void => navigate({ page: 'wallet' }, { replace: true })
  if (asset?.network === undefined) return null
  if (what === 'deposit' && asset.network.deposit) return <DepositDialog key={asset.code} asset={asset} network={asset.network} onClose={close} />
  if (what === 'withdraw' && asset.network.withdraw) return <WithdrawDialog key={asset.code} asset={asset} network={asset.network} onClose={close} />
  return null
}
