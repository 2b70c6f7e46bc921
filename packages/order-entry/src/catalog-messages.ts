/** Writes the messages that tell a session what may be traded and in which units. */
import { MARKET_STATES, type AssetSpec, type Catalog, type FrameBuffer, type MarketSpec } from '@bourse/core'
import {
  ASSET, ASSET_BYTES, ASSET_CODE, ASSET_NUMBER, ASSET_SCALE, MARKET, MARKET_BASE, MARKET_BYTES, MARKET_LOT_SIZE, MARKET_MAX_PRICE, MARKET_MAX_QUANTITY, MARKET_MIN_NOTIONAL, MARKET_MIN_QUANTITY, MARKET_NUMBER, MARKET_PRICE_SCALE,
  MARKET_QUANTITY_SCALE, MARKET_QUOTE, MARKET_STATE, MARKET_SYMBOL, MARKET_TICK_SIZE,
} from '@bourse/client/tcp'

/** Everything that there is. */
export function writeCatalog(frames: FrameBuffer, catalog: Catalog): void {
  for (const asset of catalog.assets()) writeAsset(frames, asset)
  for (const market of catalog.markets()) writeMarket(frames, market)
}

export function writeAsset(frames: FrameBuffer, asset: AssetSpec): void {
  const at = frames.append(ASSET_BYTES, ASSET)
  frames.u32[(at + ASSET_NUMBER) >> 2] = asset.id
  frames.u8[at + ASSET_SCALE] = asset.scale
  frames.setText(at + ASSET_CODE, asset.code)
}

export function writeMarket(frames: FrameBuffer, market: MarketSpec): void {
  const at = frames.append(MARKET_BYTES, MARKET)
  const { u8, u16, u32, i64 } = frames
  u32[(at + MARKET_NUMBER) >> 2] = market.id
  u16[(at + MARKET_BASE) >> 1] = market.base
  u16[(at + MARKET_QUOTE) >> 1] = market.quote
  u8[at + MARKET_PRICE_SCALE] = market.priceScale
  u8[at + MARKET_QUANTITY_SCALE] = market.quantityScale
  u8[at + MARKET_STATE] = MARKET_STATES.indexOf(market.state)
  i64[(at + MARKET_TICK_SIZE) >> 3] = market.tickSize
  i64[(at + MARKET_LOT_SIZE) >> 3] = market.lotSize
  i64[(at + MARKET_MIN_QUANTITY) >> 3] = market.minQuantity
  i64[(at + MARKET_MAX_QUANTITY) >> 3] = market.maxQuantity
  i64[(at + MARKET_MAX_PRICE) >> 3] = market.maxPrice
  i64[(at + MARKET_MIN_NOTIONAL) >> 3] = market.minNotional
  frames.setText(at + MARKET_SYMBOL, market.symbol)
}
