/** The worth of all balances together. */
import { formatDecimal } from '@bourse/core'
import { groupThousands } from '../../format/amounts.js'
import { useText } from '../../i18n/texts.js'
import { useSelect, useTerminal } from '../../shell/terminal-context.js'
import { estimateAsset, totalOf, worthOf } from './estimate.js'

export function WalletTotal() {
  const text = useText()
  const { exchange, account, tickers } = useTerminal()
  const { balances, ready } = useSelect(account.store, (state) => state)
  const byMarket = useSelect(tickers.store, (state) => state.byMarket)
  const code = estimateAsset(exchange.markets)
  const target = exchange.assets.find((asset) => asset.code === code)
  if (!ready || target === undefined) return null
  const prices = { assets: exchange.assets, markets: exchange.markets, tickers: byMarket }
  const total = exchange.assets.reduce((sum, asset) => sum + (worthOf(asset, totalOf(balances.get(asset.code), asset.scale), target.code, prices) ?? 0n), 0n)
  const cents = target.scale > 2 ? total / 10n ** BigInt(target.scale - 2) : total
  return (
    <div className="wallet__total">
      <span className="muted">{text('wallet.worth')}</span>
      <strong className="number" data-testid="wallet-total">≈ {groupThousands(formatDecimal(cents, Math.min(2, target.scale)))} {target.code}</strong>
    </div>
  )
}
