/** Random pairs of exits: mostly with the price between them, now and then with something wrong. */
import { PLACE_HAS_PRICE, PLACE_IDEMPOTENT, writeOrderPlaceBracket, writeOrderPlaceOco, type ExitLegFields, type FrameBuffer, type MarketSpec } from '@bourse/core'
import { MID_TICKS } from './random-definitions.js'
import type { SeededRandom } from './seeded-random.js'

/** Places in the lists of the vocabulary. */
const [LIMIT, STOP_MARKET, STOP_LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT] = [0, 2, 3, 4, 5] as const
const [GTC, IOC, FOK] = [0, 1, 2] as const

export interface ExitScene {
  readonly random: SeededRandom
  readonly account: number
  readonly market: MarketSpec
  readonly quantity: bigint
  /** Of a kind, mostly new. */
  name(kind: string): string
}

/** Two legs for an exit of this side, the price somewhere between them. */
export function randomLegs({ random, market, name }: ExitScene, side: number): { takeProfit: ExitLegFields; stopLoss: ExitLegFields } {
  const isNamed = random.onceIn(3)
  const profitTicks = BigInt(random.between(1, 6))
  const lossTicks = BigInt(random.between(1, 6))
  const isBuy = side === 0
  const profit = (isBuy ? MID_TICKS - profitTicks : MID_TICKS + profitTicks) * market.tickSize
  const loss = (isBuy ? MID_TICKS + lossTicks : MID_TICKS - lossTicks) * market.tickSize
  const away = (price: bigint): bigint => price + (isBuy ? 1n : -1n) * BigInt(random.between(0, 3)) * market.tickSize
  const profitType = random.pick([LIMIT, LIMIT, TAKE_PROFIT, TAKE_PROFIT_LIMIT])
  const lossType = random.pick([STOP_MARKET, STOP_LIMIT])
  const takeProfit: ExitLegFields = {
    orderType: profitType,
    timeInForce: profitType === TAKE_PROFIT ? random.pick([IOC, FOK]) : profitType === LIMIT ? GTC : random.pick([GTC, IOC]),
    flags: PLACE_HAS_PRICE,
    price: profitType === LIMIT ? profit : away(profit),
    stopPrice: profitType === LIMIT ? 0n : profit,
    clientOrderId: isNamed ? name('order') : '',
  }
  const stopLoss: ExitLegFields = {
    orderType: lossType,
    timeInForce: lossType === STOP_MARKET ? random.pick([IOC, FOK]) : random.pick([GTC, IOC]),
    flags: PLACE_HAS_PRICE,
    price: away(loss),
    stopPrice: loss,
    clientOrderId: isNamed ? name('order') : '',
  }
  if (lossType === STOP_MARKET && !isBuy && random.onceIn(2)) Object.assign(stopLoss, { flags: 0, price: 0n })
  if (random.onceIn(10)) spoilLeg(random.pick([takeProfit, stopLoss]), market, random)
  return { takeProfit, stopLoss }
}

function spoilLeg(leg: ExitLegFields, market: MarketSpec, random: SeededRandom): void {
  const spoil = random.pick<Partial<ExitLegFields>>([
    { orderType: random.pick([0, 1, 2, 3, 4, 5, 6, 99]) },
    { timeInForce: random.pick([0, 1, 2, 3, 99]) },
    { flags: random.pick([0, 1, PLACE_HAS_PRICE]) },
    { price: random.pick([0n, -1n, leg.price + 1n, market.maxPrice + market.tickSize]) },
    { stopPrice: random.pick([0n, -1n, leg.stopPrice + 1n, market.maxPrice + market.tickSize]) },
    { clientOrderId: random.pick(['', 'order-1']) },
  ])
  Object.assign(leg, spoil)
}

export function writeRandomOco(frames: FrameBuffer, scene: ExitScene): void {
  const { random, market } = scene
  const side = random.below(2)
  const legs = randomLegs(scene, side)
  const isIdempotent = random.onceIn(6)
  writeOrderPlaceOco(frames, {
    account: scene.account,
    market: random.onceIn(40) ? 77 : market.id,
    side: random.onceIn(60) ? 2 : side,
    selfTradePrevention: random.pick([0, 0, 1, 2, 3, 4]),
    flags: isIdempotent ? PLACE_IDEMPOTENT : 0,
    quantity: random.onceIn(20) ? random.pick([0n, -1n, market.maxQuantity + market.lotSize, scene.quantity + 1n]) : scene.quantity,
    ...legs,
  })
}

/** An entry a tick or two around the mid, or at the market, with exits around it. */
export function writeRandomBracket(frames: FrameBuffer, scene: ExitScene): void {
  const { random, market } = scene
  const side = random.below(2)
  const legs = randomLegs(scene, random.onceIn(20) ? side : 1 - side)
  if (!random.onceIn(20)) for (const leg of [legs.takeProfit, legs.stopLoss]) leg.clientOrderId = ''
  // So dear that the account often cannot set it aside.
  if (legs.stopLoss.price > legs.stopLoss.stopPrice && !random.onceIn(4)) legs.stopLoss.price = market.maxPrice
  const isMarket = random.onceIn(4)
  const price = (MID_TICKS + BigInt(random.between(-1, 1))) * market.tickSize
  writeOrderPlaceBracket(frames, {
    account: scene.account,
    market: random.onceIn(40) ? 77 : market.id,
    side,
    orderType: isMarket ? 1 : 0,
    timeInForce: isMarket ? random.pick([IOC, FOK]) : random.pick([GTC, GTC, GTC, IOC]),
    selfTradePrevention: random.pick([0, 0, 1, 2, 3, 4]),
    flags: (isMarket ? 0 : PLACE_HAS_PRICE) | (random.onceIn(10) ? PLACE_IDEMPOTENT : 0),
    price: isMarket ? 0n : price,
    quantity: scene.quantity,
    clientOrderId: random.onceIn(3) ? scene.name('order') : '',
    mode: random.onceIn(40) ? 2 : random.pick([0, 0, 1]),
    ...legs,
  })
}
