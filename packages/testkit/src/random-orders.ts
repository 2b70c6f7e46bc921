/** Random orders: plain, sliding, iceberg, good-till-date and conditional ones; some are senseless. */
import {
  MAX_AMOUNT,
  PLACE_2_SLIDE,
  PLACE_BY_QUOTE,
  PLACE_HAS_PRICE,
  PLACE_IDEMPOTENT,
  PLACE_POST_ONLY,
  writeOrderPlace,
  writeOrderPlaceSpecial,
  type FrameBuffer,
  type MarketSpec,
  type OrderPlaceFields,
  type OrderTermsFields,
} from '@bourse/core'
import type { SceneOrder } from './command-scene.js'
import type { RandomChoices } from './random-choices.js'
import { MID_TICKS } from './random-definitions.js'

/** Places in the lists of the vocabulary. */
const LIMIT = 0
const MARKET = 1
const STOP_MARKET = 2
const STOP_LIMIT = 3
const TAKE_PROFIT_LIMIT = 5
const TRAILING_STOP = 6
const GTC = 0
const IOC = 1
const FOK = 2
const GTD = 3
const NO_PREVENTION = 4

const NO_TERMS: OrderTermsFields = { expiresAtUs: 0, stopPrice: 0n, displayQuantity: 0n, trailingOffset: 0n, trailingBps: 0, activationPrice: 0n, flags2: 0 }

/** An order near the mid of its market; now and then something about it is wrong. */
export function writeRandomOrder(frames: FrameBuffer, choices: RandomChoices, instead?: SceneOrder): void {
  const { random } = choices
  const market = (instead === undefined ? undefined : choices.scene.markets[instead.market]) ?? choices.market()
  const byQuote = random.onceIn(12)
  const isMarket = byQuote || random.onceIn(8)
  const side = random.below(2)
  const hasPrice = !isMarket || random.onceIn(3)
  const named = random.onceIn(2)
  const order: OrderPlaceFields = {
    account: instead?.account ?? choices.account(),
    market: market.id,
    side,
    orderType: isMarket ? MARKET : LIMIT,
    timeInForce: isMarket ? random.pick([IOC, IOC, FOK]) : random.pick([GTC, GTC, GTC, GTC, IOC, FOK]),
    selfTradePrevention: random.pick([0, 0, 1, 2, 3, market.allowSelfTrade ? NO_PREVENTION : 0]),
    flags: (hasPrice ? PLACE_HAS_PRICE : 0) | (byQuote ? PLACE_BY_QUOTE : 0),
    price: hasPrice ? choices.price(market, side) : 0n,
    quantity: byQuote ? choices.quoteAmount(market) : choices.quantity(market),
    clientOrderId: named ? choices.name('order') : '',
  }
  if (!isMarket && order.timeInForce === GTC && random.onceIn(6)) order.flags |= PLACE_POST_ONLY
  if (named && random.onceIn(4)) order.flags |= PLACE_IDEMPOTENT
  if (random.onceIn(12)) spoilOrder(choices, order, market)
  if ((order.flags & PLACE_POST_ONLY) !== 0 && random.onceIn(2)) writeSliding(frames, choices, order)
  else if (order.orderType === LIMIT && order.timeInForce === GTC && random.onceIn(6)) writeIceberg(frames, choices, order, market)
  else if (order.orderType === LIMIT && order.timeInForce === GTC && random.onceIn(5)) writeUntil(frames, choices, order)
  else if (random.onceIn(5)) writeConditional(frames, choices, order, market)
  else writeOrderPlace(frames, order)
}

/** A post-only order that slides, mostly from where it would trade; sometimes it may not. */
function writeSliding(frames: FrameBuffer, choices: RandomChoices, order: OrderPlaceFields): void {
  const { random } = choices
  const lasts = random.onceIn(4) ? { timeInForce: GTD, expiresAtUs: choices.scene.nowUs + 5_000_000 } : random.onceIn(10) ? { timeInForce: random.pick([IOC, FOK]) } : {}
  const flags = random.onceIn(20) ? order.flags & ~PLACE_POST_ONLY : order.flags
  const market = choices.scene.markets[order.market]
  const bold = market !== undefined && random.onceIn(2) ? { price: market.tickSize * (order.side === 0 ? MID_TICKS + 30n : MID_TICKS - 30n) } : {}
  writeOrderPlaceSpecial(frames, { ...order, ...NO_TERMS, ...lasts, ...bold, flags, flags2: PLACE_2_SLIDE })
}

/** A good-till-date order, mostly for a short time; sometimes it would have expired already. */
function writeUntil(frames: FrameBuffer, choices: RandomChoices, order: OrderPlaceFields): void {
  const { random } = choices
  const lasts = random.pick([1, 1000, 1_000_000, 1_000_000, 10_000_000, 10_000_000, 60_000_000, 60_000_000, 0, -1_000_000])
  writeOrderPlaceSpecial(frames, { ...order, timeInForce: random.onceIn(30) ? random.pick([GTC, IOC, FOK]) : GTD, ...NO_TERMS, expiresAtUs: random.onceIn(30) ? 0 : choices.scene.nowUs + lasts })
}

/** An order of which most is hidden; sometimes it displays too little, too much or no whole lots. */
function writeIceberg(frames: FrameBuffer, choices: RandomChoices, order: OrderPlaceFields, market: MarketSpec): void {
  const { random } = choices
  const display = market.lotSize * BigInt(random.between(1, 8))
  const odd = random.pick([display + 1n, -display, order.quantity, MAX_AMOUNT])
  const expiresAtUs = random.onceIn(8) ? choices.scene.nowUs + random.pick([1_000_000, 20_000_000]) : 0
  const timeInForce = random.onceIn(30) ? IOC : expiresAtUs === 0 ? GTC : GTD
  const quantity = random.onceIn(20) ? order.quantity : order.quantity + market.lotSize * BigInt(random.between(0, 60))
  writeOrderPlaceSpecial(frames, { ...order, quantity, timeInForce, ...NO_TERMS, expiresAtUs, displayQuantity: random.onceIn(20) ? odd : display })
}

/** An order that waits for a price, mostly as its type needs it to be. */
function writeConditional(frames: FrameBuffer, choices: RandomChoices, order: OrderPlaceFields, market: MarketSpec): void {
  const { random } = choices
  order.flags &= ~(random.onceIn(40) ? 0 : PLACE_POST_ONLY | PLACE_BY_QUOTE)
  order.orderType = random.onceIn(40) ? order.orderType : random.onceIn(3) ? TRAILING_STOP : random.between(STOP_MARKET, TRAILING_STOP)
  order.timeInForce = random.onceIn(40) ? GTC : random.pick([IOC, IOC, IOC, FOK])
  if ((order.orderType === STOP_LIMIT || order.orderType === TAKE_PROFIT_LIMIT) && random.onceIn(2)) order.timeInForce = random.pick([GTC, GTC, GTD])
  const terms = randomTerms(choices, market, order)
  if (order.timeInForce === GTD && terms.expiresAtUs === 0) terms.expiresAtUs = choices.scene.nowUs + random.pick([1_000_000, 10_000_000, 60_000_000, -1])
  writeOrderPlaceSpecial(frames, { ...order, ...terms })
}

/** The terms that the type of an order needs; now and then others, or such that make no sense. */
function randomTerms(choices: RandomChoices, market: MarketSpec, order: OrderPlaceFields): OrderTermsFields {
  const { random } = choices
  const terms: OrderTermsFields = { ...NO_TERMS }
  const price = choices.price(market, random.below(2))
  if (order.orderType === TRAILING_STOP) {
    if (random.onceIn(2)) terms.trailingOffset = market.tickSize * BigInt(random.between(1, 6))
    else terms.trailingBps = random.pick([1, 30, 50, 100, 700])
    if (random.onceIn(3)) terms.activationPrice = price
  } else {
    terms.stopPrice = price
  }
  if (random.onceIn(12)) {
    const spoil = random.pick<Partial<OrderTermsFields>>([
      { stopPrice: price },
      { stopPrice: 0n },
      { expiresAtUs: random.pick([5, 0.5, -1, NaN, Infinity]) },
      { displayQuantity: order.quantity },
      { trailingBps: random.pick([0, 100, 10_000]) },
      { trailingOffset: random.pick([0n, -1n, price, market.maxPrice + 1n]) },
      { activationPrice: random.pick([-1n, price, price + 1n, market.maxPrice + market.tickSize]) },
      { stopPrice: random.pick([-1n, price + 1n, market.maxPrice + market.tickSize]) },
      { flags2: 2 ** 31 },
    ])
    Object.assign(terms, spoil)
  }
  return terms
}

function spoilOrder(choices: RandomChoices, order: OrderPlaceFields, market: MarketSpec): void {
  const { random } = choices
  const spoil = random.pick<() => unknown>([
    () => (order.account = random.pick([0, 1, 5000])),
    () => (order.market = 77),
    () => (order.price = random.pick([0n, -market.tickSize, order.price + 1n, market.maxPrice + market.tickSize, market.maxPrice, MAX_AMOUNT, market.tickSize])),
    () => (order.quantity = random.pick([0n, -market.lotSize, order.quantity + 1n, market.maxQuantity + market.lotSize, market.maxQuantity, MAX_AMOUNT, market.minQuantity - market.lotSize])),
    () => (order.selfTradePrevention = NO_PREVENTION),
    () => (order.flags ^= random.pick([PLACE_POST_ONLY, PLACE_BY_QUOTE, PLACE_HAS_PRICE, PLACE_IDEMPOTENT])),
    () => (order.timeInForce = random.pick([GTC, IOC, FOK])),
    () => (order.orderType = random.pick([LIMIT, MARKET])),
    () => (order.side = random.pick([2, 255])),
    () => stealName(choices, order),
    () => stealName(choices, order),
    // A name that the engine may want for an order without one.
    () => (order.clientOrderId = String(choices.scene.newestOrderId + random.between(1, 8))),
    () => Object.assign(order, { orderType: MARKET, timeInForce: IOC, flags: PLACE_BY_QUOTE, quantity: random.pick([MAX_AMOUNT, market.minNotional - 1n]) }),
  ])
  spoil()
}

/** Gives an order the name of a live one of the same account. */
function stealName(choices: RandomChoices, order: OrderPlaceFields): void {
  const live = choices.liveOrder()
  if (live === undefined) return
  order.account = live.account
  order.clientOrderId = live.clientOrderId
}
