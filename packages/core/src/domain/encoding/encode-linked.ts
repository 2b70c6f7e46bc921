/** Encodes the orders that are placed together with their exits. */
import type { FrameBuffer } from '../../values/frames.js'
import type { Catalog, MarketSpec } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { ExitLeg, OrderPlaceBracket, OrderPlaceOco } from '../commands/commands.js'
import { account, market, member, price, quantity, text } from './encode-fields.js'
import { placeFields, STARTS_AS_MARKET } from './encode-order.js'
import { writeOrderPlaceBracket, writeOrderPlaceOco, type ExitLegFields } from '../frames/linked-frames.js'
import { BRACKET_MODES, ORDER_TYPES, SELF_TRADE_PREVENTIONS, SIDES, TIMES_IN_FORCE } from '../vocabulary.js'

export function encodeBracket(bracket: OrderPlaceBracket, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, bracket.market)
  writeOrderPlaceBracket(frames, {
    ...placeFields({ ...bracket, type: 'order.place' }, target, catalog),
    mode: member(BRACKET_MODES, bracket.mode ?? 'incremental', 'mode'),
    takeProfit: exitLeg(bracket.takeProfit, target, 'takeProfit'),
    stopLoss: exitLeg(bracket.stopLoss, target, 'stopLoss'),
  })
}

export function encodeOco(oco: OrderPlaceOco, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, oco.market)
  writeOrderPlaceOco(frames, {
    account: account(catalog, oco.account, 'account'),
    market: target.id,
    side: member(SIDES, oco.side, 'side'),
    selfTradePrevention: member(SELF_TRADE_PREVENTIONS, oco.selfTradePrevention ?? 'cancel-taker', 'selfTradePrevention'),
    flags: oco.idempotent === true ? frame.PLACE_IDEMPOTENT : 0,
    quantity: quantity(oco.quantity, target, 'quantity'),
    takeProfit: exitLeg(oco.takeProfit, target, 'takeProfit'),
    stopLoss: exitLeg(oco.stopLoss, target, 'stopLoss'),
  })
}

function exitLeg(leg: ExitLeg, target: MarketSpec, field: string): ExitLegFields {
  return {
    orderType: member(ORDER_TYPES, leg.orderType, `${field}.orderType`),
    timeInForce: member(TIMES_IN_FORCE, leg.timeInForce ?? (STARTS_AS_MARKET.has(leg.orderType) ? 'ioc' : 'gtc'), `${field}.timeInForce`),
    flags: leg.price === undefined ? 0 : frame.PLACE_HAS_PRICE,
    price: leg.price === undefined ? 0n : price(leg.price, target, `${field}.price`),
    stopPrice: leg.stopPrice === undefined ? 0n : price(leg.stopPrice, target, `${field}.stopPrice`),
    clientOrderId: leg.clientOrderId === undefined ? '' : text(leg.clientOrderId, `${field}.clientOrderId`),
  }
}
