/** The assets and markets of an exchange as a session is told them, in the form in which commands are written. */
import { MARKET_STATES, type AssetSpec, type Catalog, type FrameBuffer, type MarketSpec } from '@bourse/core'
import {
  ASSET_CODE, ASSET_NUMBER, ASSET_SCALE, MARKET_BASE, MARKET_LOT_SIZE, MARKET_MAX_PRICE, MARKET_MAX_QUANTITY, MARKET_MIN_NOTIONAL, MARKET_MIN_QUANTITY, MARKET_NUMBER, MARKET_PRICE_SCALE, MARKET_QUANTITY_SCALE, MARKET_QUOTE,
  MARKET_STATE, MARKET_SYMBOL, MARKET_TICK_SIZE,
} from './messages.js'

/** Stands for the account of the session, which the server fills in. */
export const OWN_ACCOUNT = 'own'

/** Rules of which a session is told nothing; they stand here as if the market had none. */
const UNTOLD = { makerFeePpm: 0, takerFeePpm: 0, marketBandBps: 9_999, allowSelfTrade: false, maxOpenOrders: 0, maxNotional: 0n, priceBandBps: 0, breakerMoveBps: 0, breakerWindowMs: 0, haltMs: 0, auctionMs: 0, auctionRandomMs: 0 } as const

export class SessionCatalog implements Catalog {
  private readonly assetList: AssetSpec[] = []
  private readonly marketList: MarketSpec[] = []

  asset(id: number): AssetSpec | undefined {
    return this.assetList[id]
  }

  assetByCode(code: string): AssetSpec | undefined {
    return this.assetList.find((asset) => asset.code === code)
  }

  assets(): readonly AssetSpec[] {
    return this.assetList
  }

  market(id: number): MarketSpec | undefined {
    return this.marketList[id]
  }

  marketBySymbol(symbol: string): MarketSpec | undefined {
    return this.marketList.find((market) => market.symbol === symbol)
  }

  markets(): readonly MarketSpec[] {
    return this.marketList
  }

  accountByName(name: string): number | undefined {
    return name === OWN_ACCOUNT ? 0 : undefined
  }

  accountName(id: number): string | undefined {
    return id === 0 ? OWN_ACCOUNT : undefined
  }

  addAsset(frames: FrameBuffer, offset: number): void {
    const id = frames.u32[(offset + ASSET_NUMBER) >> 2]!
    this.assetList[id] = { id, scale: frames.u8[offset + ASSET_SCALE]!, code: frames.text(offset + ASSET_CODE) }
  }

  addMarket(frames: FrameBuffer, offset: number): void {
    const { u8, u16, u32, i64 } = frames
    const units = (at: number): bigint => i64[(offset + at) >> 3]!
    const id = u32[(offset + MARKET_NUMBER) >> 2]!
    const [base, quote] = [u16[(offset + MARKET_BASE) >> 1]!, u16[(offset + MARKET_QUOTE) >> 1]!]
    const [priceScale, quantityScale] = [u8[offset + MARKET_PRICE_SCALE]!, u8[offset + MARKET_QUANTITY_SCALE]!]
    this.marketList[id] = {
      ...UNTOLD,
      id,
      symbol: frames.text(offset + MARKET_SYMBOL),
      base,
      quote,
      priceScale,
      quantityScale,
      baseUnit: 10n ** BigInt((this.assetList[base]?.scale ?? quantityScale) - quantityScale),
      notionalUnit: 10n ** BigInt((this.assetList[quote]?.scale ?? priceScale + quantityScale) - priceScale - quantityScale),
      state: MARKET_STATES[u8[offset + MARKET_STATE]!] ?? 'halted',
      tickSize: units(MARKET_TICK_SIZE),
      lotSize: units(MARKET_LOT_SIZE),
      minQuantity: units(MARKET_MIN_QUANTITY),
      maxQuantity: units(MARKET_MAX_QUANTITY),
      maxPrice: units(MARKET_MAX_PRICE),
      minNotional: units(MARKET_MIN_NOTIONAL),
    }
  }
}
