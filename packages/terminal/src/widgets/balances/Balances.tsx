/** What the account holds, asset by asset, at a glance. */
import { decimal, formatDecimal } from '@bourse/core'
import { groupThousands, isZero, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { classes } from '../../interface/classes.js'
import { Skeleton } from '../../interface/EmptyState.js'
import { Link } from '../../shell/navigation.js'
import { useMarket, useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Asset, Balance } from '../../stores/wire.js'
import { AccountList } from '../orders/AccountList.js'
import './balances.css'

export function Balances() {
  const text = useText()
  const { account, exchange } = useTerminal()
  const { market } = useMarket()
  const { balances, ready } = useSelect(account.store, (state) => state)
  const here = (asset: Asset): boolean => asset.code === market.base || asset.code === market.quote
  const ordered = [...exchange.assets].sort((a, b) => Number(here(b)) - Number(here(a)))
  return (
    <AccountList invitation="balances.logIn" icon="wallet" markets={false}>
      {!ready && <Skeleton rows={4} />}
      {ready && (
        <div className="balances" role="table" aria-label={text('widget.balances')} data-testid="balances">
          <div className="balances__row balances__row--head" role="row">
            <span role="columnheader">{text('wallet.asset')}</span>
            <span role="columnheader">{text('wallet.available')}</span>
            <span role="columnheader">{text('wallet.held')}</span>
          </div>
          {ordered.map((asset) => <Row key={asset.code} asset={asset} balance={balances.get(asset.code)} />)}
          <Link className="balances__more" to={{ page: 'wallet' }}>{text('balances.openWallet')}</Link>
        </div>
      )}
    </AccountList>
  )
}

function Row({ asset, balance }: { asset: Asset; balance: Balance | undefined }) {
  const write = (amount: string): string => groupThousands(trimZeros(formatDecimal(decimal(amount, asset.scale), asset.scale), 2))
  const [available, held] = [balance?.available ?? '0', balance?.held ?? '0']
  return (
    <div className={classes('balances__row', isZero(available) && isZero(held) && 'balances__row--empty')} role="row" data-testid={`balance-${asset.code}`}>
      <b role="cell" title={asset.name}>{asset.code}</b>
      <span role="cell" className="number">{write(available)}</span>
      <span role="cell" className="number muted">{write(held)}</span>
    </div>
  )
}
