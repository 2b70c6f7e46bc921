/**
 * The binary layout of orders that are linked: two exits of one quantity (OCO), and an entry with two exits (bracket).
 *
 * | command | bytes | header | body |
 * |---|---|---|---|
 * | order.place-oco | 176 | account, market | 32 u8 side, 33 u8 selfTradePrevention, 34 u8 flags, 40 i64 quantity, 48 take-profit leg, 112 stop-loss leg |
 *
 * | order.place-bracket | 232 | account, market | as order.place, 96 u8 mode (place in `BRACKET_MODES`), 104 take-profit leg, 168 stop-loss leg |
 *
 * A leg has 64 bytes: u8 orderType, 1 u8 timeInForce, 2 u8 flags, 8 i64 price, 16 i64 stopPrice (0: none),
 * 24 text clientOrderId.
 */
import type { FrameBuffer } from '../../values/frames.js'
import { COMMAND_BYTES, ORDER_PLACE_BRACKET, ORDER_PLACE_OCO, writePlaceFields, type OrderPlaceFields } from './command-frames.js'

/** Byte offsets from the frame's first byte. */
export const OCO_SIDE = 32
export const OCO_SELF_TRADE_PREVENTION = 33
export const OCO_FLAGS = 34
export const OCO_QUANTITY = 40
export const OCO_TAKE_PROFIT = 48
export const OCO_STOP_LOSS = 112

/** Byte offsets from a leg's first byte. */
export const LEG_BYTES = 64
export const LEG_ORDER_TYPE = 0
export const LEG_TIME_IN_FORCE = 1
export const LEG_FLAGS = 2
export const LEG_PRICE = 8
export const LEG_STOP_PRICE = 16
export const LEG_CLIENT_ORDER_ID = 24

/** One exit; its flags are 0 or `PLACE_HAS_PRICE`. */
export interface ExitLegFields {
  /** Places in `ORDER_TYPES` and `TIMES_IN_FORCE`. */
  orderType: number
  timeInForce: number
  flags: number
  /** Price units; 0 where there is none. */
  price: bigint
  stopPrice: bigint
  /** Empty: the engine uses the order id. */
  clientOrderId: string
}

export interface OrderPlaceOcoFields {
  account: number
  market: number
  /** Places in `SIDES` and `SELF_TRADE_PREVENTIONS`. */
  side: number
  selfTradePrevention: number
  /** 0 or `PLACE_IDEMPOTENT`. */
  flags: number
  /** Quantity units. */
  quantity: bigint
  takeProfit: ExitLegFields
  stopLoss: ExitLegFields
}

export function writeOrderPlaceOco(frames: FrameBuffer, oco: OrderPlaceOcoFields): number {
  const offset = frames.append(COMMAND_BYTES[ORDER_PLACE_OCO]!, ORDER_PLACE_OCO)
  frames.u32[(offset + 4) >> 2] = oco.account
  frames.u16[(offset + 24) >> 1] = oco.market
  frames.u8[offset + OCO_SIDE] = oco.side
  frames.u8[offset + OCO_SELF_TRADE_PREVENTION] = oco.selfTradePrevention
  frames.u8[offset + OCO_FLAGS] = oco.flags
  frames.i64[(offset + OCO_QUANTITY) >> 3] = oco.quantity
  writeLeg(frames, offset + OCO_TAKE_PROFIT, oco.takeProfit)
  writeLeg(frames, offset + OCO_STOP_LOSS, oco.stopLoss)
  return offset
}

/** Writes the 64 bytes of an exit at `at`. */
export function writeLeg(frames: FrameBuffer, at: number, leg: ExitLegFields): void {
  frames.u8[at + LEG_ORDER_TYPE] = leg.orderType
  frames.u8[at + LEG_TIME_IN_FORCE] = leg.timeInForce
  frames.u8[at + LEG_FLAGS] = leg.flags
  frames.i64[(at + LEG_PRICE) >> 3] = leg.price
  frames.i64[(at + LEG_STOP_PRICE) >> 3] = leg.stopPrice
  frames.setText(at + LEG_CLIENT_ORDER_ID, leg.clientOrderId)
}

/** Of `order.place-bracket`: the entry has the places of `order.place`. */
export const BRACKET_MODE = 96
export const BRACKET_TAKE_PROFIT = 104
export const BRACKET_STOP_LOSS = 168

export interface OrderPlaceBracketFields extends OrderPlaceFields {
  /** Place in `BRACKET_MODES`. */
  mode: number
  takeProfit: ExitLegFields
  stopLoss: ExitLegFields
}

export function writeOrderPlaceBracket(frames: FrameBuffer, bracket: OrderPlaceBracketFields): number {
  const offset = writePlaceFields(frames, frames.append(COMMAND_BYTES[ORDER_PLACE_BRACKET]!, ORDER_PLACE_BRACKET), bracket)
  frames.u8[offset + BRACKET_MODE] = bracket.mode
  writeLeg(frames, offset + BRACKET_TAKE_PROFIT, bracket.takeProfit)
  writeLeg(frames, offset + BRACKET_STOP_LOSS, bracket.stopLoss)
  return offset
}
