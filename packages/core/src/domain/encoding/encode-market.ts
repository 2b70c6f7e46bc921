/** Encodes the commands about assets and markets. */
import type { FrameBuffer } from '../../values/frames.js'
import type { Catalog } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { AssetDefine, MarketAuction, MarketDefine, MarketRulesInput, MarketSetReference, MarketUpdate } from '../commands/commands.js'
import { asset, decimalUnits, feePpm, integer, makerPpm, market, member, positive, price, text } from './encode-fields.js'
import { MARKET_STATES } from '../vocabulary.js'

export function encodeAssetDefine(command: AssetDefine, frames: FrameBuffer): void {
  frame.writeAssetDefine(frames, { code: text(command.code, 'code'), scale: integer(command.scale, 'scale', 255) })
}

export function encodeMarketDefine(command: MarketDefine, catalog: Catalog, frames: FrameBuffer): void {
  const base = asset(catalog, command.base, 'base')
  const quote = asset(catalog, command.quote, 'quote')
  const priceScale = integer(command.priceScale, 'priceScale', 18)
  const quantityScale = integer(command.quantityScale, 'quantityScale', 18)
  const rules = rulesFields(command, { priceScale, quantityScale, quoteScale: quote.scale })
  const referencePrice = definedUnits(command.referencePrice ?? '0', priceScale, 'referencePrice')
  frame.writeMarketDefine(frames, { symbol: text(command.symbol, 'symbol'), base: base.id, quote: quote.id, priceScale, quantityScale, rules, referencePrice })
}

export function encodeMarketUpdate(command: MarketUpdate, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, command.market)
  const quoteScale = catalog.asset(target.quote)!.scale
  const rules = rulesFields(command, { priceScale: target.priceScale, quantityScale: target.quantityScale, quoteScale })
  frame.writeMarketUpdate(frames, { market: target.id, rules })
}

export function encodeSetReference(command: MarketSetReference, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, command.market)
  frame.writeMarketSetReference(frames, target.id, price(command.referencePrice, target, 'referencePrice'))
}

export function encodeAuction(command: MarketAuction, catalog: Catalog, frames: FrameBuffer): void {
  frame.writeMarketAuction(frames, market(catalog, command.market).id, positive(command.endsAt, 'endsAt', Math.floor(Number.MAX_SAFE_INTEGER / 1000)) * 1000)
}

function rulesFields(
  input: MarketRulesInput,
  scales: { priceScale: number; quantityScale: number; quoteScale: number },
): frame.RulesFields {
  return {
    state: member(MARKET_STATES, input.state, 'state'),
    allowSelfTrade: input.allowSelfTrade,
    marketBandBps: integer(input.marketBandBps, 'marketBandBps', 0xffff),
    makerFeePpm: makerPpm(input.makerFee),
    takerFeePpm: feePpm(input.takerFee, 'takerFee'),
    maxOpenOrders: integer(input.maxOpenOrders, 'maxOpenOrders', 0xffffffff),
    tickSize: definedUnits(input.tickSize, scales.priceScale, 'tickSize'),
    lotSize: definedUnits(input.lotSize, scales.quantityScale, 'lotSize'),
    minQuantity: definedUnits(input.minQuantity, scales.quantityScale, 'minQuantity'),
    maxQuantity: definedUnits(input.maxQuantity, scales.quantityScale, 'maxQuantity'),
    maxPrice: definedUnits(input.maxPrice, scales.priceScale, 'maxPrice'),
    minNotional: definedUnits(input.minNotional, scales.quoteScale, 'minNotional'),
    maxNotional: definedUnits(input.maxNotional ?? '0', scales.quoteScale, 'maxNotional'),
    priceBandBps: integer(input.priceBandBps ?? 0, 'priceBandBps', 0xffff),
    breakerMoveBps: integer(input.breakerMoveBps ?? 0, 'breakerMoveBps', 0xffff),
    breakerWindowMs: integer(input.breakerWindowMs ?? 0, 'breakerWindowMs', 0xffffffff),
    haltMs: integer(input.haltMs ?? 0, 'haltMs', 0xffffffff),
    auctionMs: integer(input.auctionMs ?? 0, 'auctionMs', 0xffffffff),
    auctionRandomMs: integer(input.auctionRandomMs ?? 0, 'auctionRandomMs', 0xffffffff),
  }
}

function definedUnits(value: unknown, scale: number, field: string): bigint {
  return decimalUnits(value, scale, { field, tooFine: 'invalid_definition', tooLarge: 'invalid_definition' })
}
