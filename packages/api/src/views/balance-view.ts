/** Balances as the API writes them. */
import type { Balance } from '@bourse/client'
import { formatDecimal, type AssetSpec } from '@bourse/core'
import type { TradingService } from '../services.js'

/** What a person has of these assets now, zeros included. */
export function balanceViews(exchange: TradingService, userId: string, assets: readonly AssetSpec[]): Balance[] {
  return assets.map(({ code, scale }) => {
    const { available, held } = exchange.balance(userId, code)
    return { asset: code, available: formatDecimal(available, scale), held: formatDecimal(held, scale) }
  })
}
