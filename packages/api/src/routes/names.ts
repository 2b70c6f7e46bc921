/** Finds what a request names, or says that there is none. */
import type { AssetSpec, Catalog, MarketSpec } from '@bourse/core'
import { ApiFailure } from '../http/failures.js'

type Named<Name, Spec> = Name extends string ? Spec : Spec | undefined

/** The market of this symbol; undefined where the request names none. */
export function marketNamed<Name extends string | undefined>(catalog: Catalog, symbol: Name): Named<Name, MarketSpec> {
  const market = symbol === undefined ? undefined : catalog.marketBySymbol(symbol)
  if (symbol !== undefined && market === undefined) throw new ApiFailure({ status: 404, code: 'unknown_market', message: `There is no market ${symbol}. GET /api/v1/exchange lists them.`, field: 'market' })
  return market as Named<Name, MarketSpec>
}

/** The asset of this code; undefined where the request names none. */
export function assetNamed<Name extends string | undefined>(catalog: Catalog, code: Name): Named<Name, AssetSpec> {
  const asset = code === undefined ? undefined : catalog.assetByCode(code)
  if (code !== undefined && asset === undefined) throw new ApiFailure({ status: 404, code: 'unknown_asset', message: `There is no asset ${code}. GET /api/v1/exchange lists them.`, field: 'asset' })
  return asset as Named<Name, AssetSpec>
}

/** The number of a person's account, which their admission has opened. */
export function accountNamed(catalog: Catalog, userId: string): number {
  const account = catalog.accountByName(userId)
  if (account === undefined) throw new Error(`The account ${userId} was not opened.`)
  return account
}
