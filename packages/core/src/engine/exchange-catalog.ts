/** Names and definitions as the engine knows them: the {@link Catalog} that everybody else reads. */
import type { AssetSpec, Catalog, MarketSpec } from '../domain/catalog.js'
import { wordsOfText } from '../values/text-words.js'
import type { Accounts } from './accounts.js'

export class ExchangeCatalog implements Catalog {
  private readonly assetList: AssetSpec[] = []
  private readonly marketList: MarketSpec[] = []
  private readonly assetCodes = new Map<string, AssetSpec>()
  private readonly marketSymbols = new Map<string, MarketSpec>()

  constructor(private readonly accounts: Accounts) {}

  asset(id: number): AssetSpec | undefined {
    return this.assetList[id]
  }

  assetByCode(code: string): AssetSpec | undefined {
    return this.assetCodes.get(code)
  }

  assets(): readonly AssetSpec[] {
    return this.assetList
  }

  market(id: number): MarketSpec | undefined {
    return this.marketList[id]
  }

  marketBySymbol(symbol: string): MarketSpec | undefined {
    return this.marketSymbols.get(symbol)
  }

  markets(): readonly MarketSpec[] {
    return this.marketList
  }

  accountByName(name: string): number | undefined {
    const words = wordsOfText(name)
    const id = words === undefined ? -1 : this.accounts.find(words, 0)
    return id < 0 ? undefined : id
  }

  accountName(id: number): string | undefined {
    return Number.isInteger(id) && id >= 0 && id < this.accounts.count ? this.accounts.name(id) : undefined
  }

  /** Adds the asset whose id is the next one. */
  addAsset(asset: AssetSpec): void {
    this.assetList.push(asset)
    this.assetCodes.set(asset.code, asset)
  }

  /** Adds a market or replaces the one of the same id. */
  setMarket(market: MarketSpec): void {
    this.marketList[market.id] = market
    this.marketSymbols.set(market.symbol, market)
  }
}
