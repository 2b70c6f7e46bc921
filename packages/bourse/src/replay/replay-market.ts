/** The market in which a file of commands is replayed: one account, no fees, no minimums, bounds that hold the file's numbers. */
import {
  ACCOUNT_KINDS,
  FrameBuffer,
  MARKET_STATES,
  MAX_AMOUNT,
  ORDER_TYPES,
  PLACE_HAS_PRICE,
  SELF_TRADE_PREVENTIONS,
  SIDES,
  TIMES_IN_FORCE,
  WORLD_ACCOUNT,
  writeAccountOpen,
  writeAssetDefine,
  writeLedgerTransfer,
  writeMarketDefine,
  writeOrderPlace,
  type Side,
} from '@bourse/core'
import type { FrameDoor } from './frame-door.js'
import { ReplayError } from './replay-error.js'
import { submitAll } from './submit-all.js'

const BASE = 'BASE'
const QUOTE = 'QUOTE'
const TRADER = 'replay'
/** What the trader gets of each asset: room for the sum of all that rests, and for the fills that add to it. */
const FUNDS = MAX_AMOUNT / 2n
/** Live orders that one account may have: a day's whole book. */
const MAX_OPEN_ORDERS = 4_000_000

export interface ReplayMarket {
  readonly market: number
  readonly account: number
}

export interface ReplayMarketShape {
  readonly priceScale: number
  readonly quantityScale: number
  /** Their product must stay within the amounts that the ledger can hold. */
  readonly maxPrice: bigint
  readonly maxQuantity: bigint
}

/** Defines assets, market and trader in an exchange that has none yet. */
export async function openReplayMarket(door: FrameDoor, shape: ReplayMarketShape): Promise<ReplayMarket> {
  const { engine } = door
  if (engine.catalog.markets().length > 0) {
    throw new ReplayError('The data directory already holds an exchange. A replay of commands needs an empty one: name another, or leave it out.')
  }
  const frames = new FrameBuffer()
  writeAssetDefine(frames, { code: BASE, scale: shape.quantityScale })
  writeAssetDefine(frames, { code: QUOTE, scale: shape.priceScale + shape.quantityScale })
  await submitAll(door, frames, 'the assets could not be defined')
  frames.clear()
  writeMarketDefine(frames, {
    symbol: `${BASE}-${QUOTE}`,
    base: engine.catalog.assetByCode(BASE)!.id,
    quote: engine.catalog.assetByCode(QUOTE)!.id,
    priceScale: shape.priceScale,
    quantityScale: shape.quantityScale,
    rules: {
      state: MARKET_STATES.indexOf('open'),
      allowSelfTrade: true,
      marketBandBps: 9_999,
      makerFeePpm: 0,
      takerFeePpm: 0,
      maxOpenOrders: MAX_OPEN_ORDERS,
      tickSize: 1n,
      lotSize: 1n,
      minQuantity: 1n,
      maxQuantity: shape.maxQuantity,
      maxPrice: shape.maxPrice,
      minNotional: 0n,
    },
  })
  writeAccountOpen(frames, { name: TRADER, kind: ACCOUNT_KINDS.indexOf('user'), group: TRADER })
  await submitAll(door, frames, 'the market could not be defined')
  const account = engine.catalog.accountByName(TRADER)!
  frames.clear()
  for (const code of [BASE, QUOTE]) {
    const asset = engine.catalog.assetByCode(code)!.id
    writeLedgerTransfer(frames, { requestId: `fund-${code}`, from: engine.catalog.accountByName(WORLD_ACCOUNT)!, to: account, asset, amount: FUNDS })
  }
  await submitAll(door, frames, 'the trader could not be funded')
  return { market: engine.catalog.markets()[0]!.id, account }
}

const LIMIT = ORDER_TYPES.indexOf('limit')
const GTC = TIMES_IN_FORCE.indexOf('gtc')
const IOC = TIMES_IN_FORCE.indexOf('ioc')
const NO_PREVENTION = SELF_TRADE_PREVENTIONS.indexOf('none')

export interface ReplayOrder {
  /** The file's id; it serves as clientOrderId, which like it is unique among the live orders. */
  readonly id: string
  readonly side: Side
  readonly price: bigint
  readonly quantity: bigint
  readonly immediateOrCancel: boolean
}

/** Writes a limit order of the replay's trader. */
export function writeReplayOrder(frames: FrameBuffer, { market, account }: ReplayMarket, order: ReplayOrder): void {
  writeOrderPlace(frames, {
    account,
    market,
    side: SIDES.indexOf(order.side),
    orderType: LIMIT,
    timeInForce: order.immediateOrCancel ? IOC : GTC,
    selfTradePrevention: NO_PREVENTION,
    flags: PLACE_HAS_PRICE,
    price: order.price,
    quantity: order.quantity,
    clientOrderId: order.id,
  })
}
