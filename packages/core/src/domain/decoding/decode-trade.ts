/** Decodes the event of a trade. */
import type { FrameBuffer } from '../../values/frames.js'
import { eventBase, i64At, word } from './decode-fields.js'
import {
  askPriceAt,
  bidPriceAt,
  isAuctionTrade,
  PARTY_ACCOUNT,
  PARTY_FEE,
  PARTY_FILLED_QUANTITY,
  PARTY_FILLED_QUOTE,
  PARTY_LEAVES_QUANTITY,
  PARTY_ORDER_ID,
  PARTY_RELEASED,
  PARTY_TOTAL_FEE,
  TRADE_HAS_SPECIAL_FEES,
  TRADE_ID,
  TRADE_MAKER,
  TRADE_MAKER_DONE,
  TRADE_PRICE,
  TRADE_QUANTITY,
  TRADE_QUOTE_AMOUNT,
  TRADE_TAKER,
  TRADE_TAKER_DONE,
  TRADE_TAKER_SIDE,
} from '../frames/event-layout.js'
import type { TradeExecuted, TradeParty } from '../events/events.js'
import { readSpecialFee, SPECIAL_FEE_MAKER, SPECIAL_FEE_TAKER } from '../frames/fee-frames.js'
import { SIDES } from '../vocabulary.js'

export function decodeTradeExecuted(frames: FrameBuffer, offset: number): TradeExecuted {
  const market = frames.market(offset)
  const special = frames.u8[offset + TRADE_HAS_SPECIAL_FEES] === 1
  return {
    type: 'trade.executed',
    ...eventBase(frames, offset),
    market,
    tradeId: frames.f64[(offset + TRADE_ID) >> 3]!,
    price: i64At(frames, offset + TRADE_PRICE),
    quantity: i64At(frames, offset + TRADE_QUANTITY),
    quoteAmount: i64At(frames, offset + TRADE_QUOTE_AMOUNT),
    takerSide: word(SIDES, frames.u8[offset + TRADE_TAKER_SIDE]),
    maker: { ...tradeParty(frames, offset + TRADE_MAKER, frames.u8[offset + TRADE_MAKER_DONE] === 1), ...(special ? { special: readSpecialFee(frames, offset + SPECIAL_FEE_MAKER) } : {}) },
    taker: { ...tradeParty(frames, offset + TRADE_TAKER, frames.u8[offset + TRADE_TAKER_DONE] === 1), ...(special ? { special: readSpecialFee(frames, offset + SPECIAL_FEE_TAKER) } : {}) },
    ...(isAuctionTrade(frames, offset) ? { auction: { bidPrice: i64At(frames, offset + bidPriceAt(frames, offset)), askPrice: i64At(frames, offset + askPriceAt(frames, offset)) } } : {}),
  }
}

function tradeParty(frames: FrameBuffer, at: number, done: boolean): TradeParty {
  const i64 = (field: number): bigint => frames.i64[(at + field) >> 3]!
  return {
    orderId: frames.f64[(at + PARTY_ORDER_ID) >> 3]!,
    account: frames.u32[(at + PARTY_ACCOUNT) >> 2]!,
    fee: i64(PARTY_FEE),
    filledQuantity: i64(PARTY_FILLED_QUANTITY),
    leavesQuantity: i64(PARTY_LEAVES_QUANTITY),
    filledQuote: i64(PARTY_FILLED_QUOTE),
    totalFee: i64(PARTY_TOTAL_FEE),
    released: i64(PARTY_RELEASED),
    done,
  }
}
