/** Random changes of orders that live: smaller, amended, replaced, or cancelled after a while. */
import {
  AMEND_FLAGS,
  COMMAND_BYTES,
  FrameBuffer,
  ORDER_CANCEL_REPLACE,
  PLACE_CLIENT_ORDER_ID,
  REPLACE_MODE,
  REPLACED_CLIENT_ORDER_ID,
  REPLACED_ORDER_ID,
  writeOrderAmend,
  writeOrderCancelAllAfter,
  writeOrderReduce,
  type AmendedTermsFields,
  type MarketSpec,
  type OrderReferenceFields,
} from '@bourse/core'
import type { SceneOrder } from './command-scene.js'
import type { RandomChoices } from './random-choices.js'
import { writeRandomOrder } from './random-orders.js'

/** Any order in place of another one, whose name it takes over now and then. */
export function writeRandomReplace(frames: FrameBuffer, choices: RandomChoices): void {
  const { random } = choices
  const old = choices.liveOrder()
  const order = new FrameBuffer()
  writeRandomOrder(order, choices, old)
  if (old !== undefined && random.onceIn(5)) order.setText(PLACE_CLIENT_ORDER_ID, old.clientOrderId)
  const reference = choices.reference(old)
  const offset = frames.append(COMMAND_BYTES[ORDER_CANCEL_REPLACE]!, ORDER_CANCEL_REPLACE)
  frames.bytes.set(order.used().subarray(4), offset + 4)
  frames.f64[(offset + REPLACED_ORDER_ID) >> 3] = reference.orderId
  frames.setText(offset + REPLACED_CLIENT_ORDER_ID, reference.clientOrderId)
  frames.u8[offset + REPLACE_MODE] = random.onceIn(30) ? random.pick([3, 255]) : random.below(3)
  if (random.onceIn(50)) frames.u8[offset + REPLACE_MODE + 1] = 1
  if (random.onceIn(50)) frames.u8[offset + REPLACED_CLIENT_ORDER_ID] = 7
}

/** Takes quantity off an order: some, all, or more than there is. */
export function writeRandomReduce(frames: FrameBuffer, choices: RandomChoices): void {
  const order = choices.liveOrder()
  const leaves = order?.leaves ?? 10n
  const lot = choices.scene.markets[order?.market ?? 0]?.lotSize ?? 1n
  const wanted = choices.random.pick([leaves - lot, leaves / 2n, (leaves / lot / 2n) * lot, leaves, leaves + lot, 0n, -lot, lot])
  writeOrderReduce(frames, { ...choices.reference(order), leavesQuantity: wanted })
}

/** Gives an order another price, another quantity, or other terms that it has; some are senseless. */
export function writeRandomAmend(frames: FrameBuffer, choices: RandomChoices): void {
  const { random } = choices
  const special = choices.scene.orders.filter(({ terms }) => terms !== undefined && terms.siblingOrderId === 0)
  const order = special.length > 0 && random.onceIn(2) ? random.pick(special) : choices.liveOrder()
  const market = choices.scene.markets[order?.market ?? 0] ?? choices.market()
  const terms = randomTerms(choices, order, market)
  if (Object.keys(terms).length > 0 && !random.onceIn(3)) return writeAmend(frames, choices, { ...choices.reference(order), ...terms })
  const total = (order?.leaves ?? market.lotSize) + (order?.filled ?? 0n)
  const price = random.pick([undefined, order?.price, choices.price(market, 0), choices.price(market, 1), choices.price(market, 0), choices.price(market, 1), 0n, market.maxPrice + market.tickSize, (order?.price ?? 1n) + 1n])
  const quantity = random.pick([undefined, undefined, total, total + market.lotSize, total - market.lotSize, order?.filled ?? 0n, choices.quantity(market), 0n, -1n, total + 1n, market.maxQuantity * 2n])
  writeAmend(frames, choices, { ...choices.reference(order), price, quantity, ...terms })
}

function writeAmend(frames: FrameBuffer, { random }: RandomChoices, amend: OrderReferenceFields & AmendedTermsFields): void {
  const offset = writeOrderAmend(frames, amend)
  if (random.onceIn(60)) frames.u8[offset + AMEND_FLAGS] = random.pick([32, 255])
}

/** New terms of a special order, mostly such as it has; of any order now and then. */
function randomTerms(choices: RandomChoices, order: SceneOrder | undefined, market: MarketSpec): AmendedTermsFields {
  const { random, scene } = choices
  const { stopPrice = 0n, displayQuantity = 0n, expiresAtUs = 0 } = order?.terms ?? {}
  const gives = (has: boolean): boolean => (has ? random.onceIn(2) : random.onceIn(30))
  const later = expiresAtUs === 0 ? scene.nowUs : expiresAtUs
  return {
    ...(gives(stopPrice !== 0n) ? { stopPrice: random.pick([stopPrice, stopPrice, choices.price(market, 0), choices.price(market, 1), choices.price(market, 0), choices.price(market, 1), 0n, stopPrice + 1n]) } : {}),
    ...(gives(displayQuantity !== 0n) ? { displayQuantity: random.pick([displayQuantity, displayQuantity + market.lotSize, displayQuantity - market.lotSize, market.lotSize, 0n, displayQuantity + 1n, choices.quantity(market)]) } : {}),
    ...(gives(expiresAtUs !== 0) ? { expiresAtUs: random.pick([later, later + 1_000, later + 500_000, later - 1_000, 1, later + 0.5]) } : {}),
  }
}

/** Cancels all orders after a while, mostly a short one, or takes that back. */
export function writeRandomDeadManSwitch(frames: FrameBuffer, choices: RandomChoices): void {
  const { random } = choices
  const timeoutMs = random.onceIn(20) ? 86_400_001 : random.pick([0, 1, 1, 250, 1000, 1000, 3000, 60_000])
  writeOrderCancelAllAfter(frames, { account: choices.account(), market: random.onceIn(2) ? choices.market().id : random.pick([0xffff, 0xffff, 0xffff, 77]), timeoutMs })
}
