/** One row for every asset: total, available, held, worth, and the ways in and out. */
import { decimal, formatDecimal } from '@bourse/core'
import { groupThousands, trimZeros } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { Button } from '../../interface/Button.js'
import { classes } from '../../interface/classes.js'
import { Skeleton } from '../../interface/EmptyState.js'
import { navigate } from '../../shell/navigation.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import type { Asset } from '../../stores/wire.js'
import { estimateAsset, totalOf, worthOf } from './estimate.js'

export function AssetTable() {
  const text = useText()
  const { exchange, account, tickers } = useTerminal()
  const { balances, ready } = useSelect(account.store, (state) => state)
  const byMarket = useSelect(tickers.store, (state) => state.byMarket)
  const target = exchange.assets.find((asset) => asset.code === estimateAsset(exchange.markets))
  if (!ready) return <Skeleton rows={exchange.assets.length * 2} />

  const write = (amount: bigint, scale: number): string => groupThousands(trimZeros(formatDecimal(amount, scale), 2))
  const worth = (asset: Asset, total: bigint): string => {
    if (target === undefined) return '–'
    const amount = worthOf(asset, total, target.code, { assets: exchange.assets, markets: exchange.markets, tickers: byMarket })
    if (amount === null) return '–'
    return target.scale > 2 ? groupThousands(formatDecimal(amount / 10n ** BigInt(target.scale - 2), 2)) : write(amount, target.scale)
  }
  return (
    <div className="assets" role="table" aria-label={text('wallet.assets')} data-testid="wallet-assets">
      <div className="assets__row assets__row--head" role="row">
        <span role="columnheader">{text('wallet.asset')}</span>
        <span role="columnheader">{text('wallet.total')}</span>
        <span role="columnheader">{text('wallet.available')}</span>
        <span role="columnheader">{text('wallet.held')}</span>
        <span role="columnheader">{target === undefined ? '' : text('wallet.worthIn', { asset: target.code })}</span>
        <span role="columnheader"><span className="visually-hidden">{text('wallet.actions')}</span></span>
      </div>
      {exchange.assets.map((asset) => {
        const balance = balances.get(asset.code)
        const total = totalOf(balance, asset.scale)
        return (
          <div key={asset.code} className={classes('assets__row', total === 0n && 'assets__row--empty')} role="row" data-testid={`wallet-asset-${asset.code}`}>
            <span role="cell" className="assets__name"><b>{asset.code}</b><small>{asset.name}</small></span>
            <span role="cell" className="number assets__total">{write(total, asset.scale)}</span>
            <span role="cell" className="number"><i>{text('wallet.available')}</i>{write(decimal(balance?.available ?? '0', asset.scale), asset.scale)}</span>
            <span role="cell" className="number"><i>{text('wallet.held')}</i>{write(decimal(balance?.held ?? '0', asset.scale), asset.scale)}</span>
            <span role="cell" className="number assets__worth">{worth(asset, total)}</span>
            <span role="cell" className="assets__actions">
              <Button size="small" testId={`deposit-${asset.code}`} disabled={asset.network?.deposit !== true} onClick={() => navigate({ page: 'wallet' }, { hash: `deposit-${asset.code}` })}>{text('wallet.deposit')}</Button>
              <Button size="small" testId={`withdraw-${asset.code}`} disabled={asset.network?.withdraw !== true} onClick={() => navigate({ page: 'wallet' }, { hash: `withdraw-${asset.code}` })}>{text('wallet.withdraw')}</Button>
            </span>
          </div>
        )
      })}
    </div>
  )
}
