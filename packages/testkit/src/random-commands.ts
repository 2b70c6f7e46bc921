/** Random commands, sensible and senseless, that reach every event and every reject of the engine. */
import {
  COMMAND_BYTES,
  PLACE_2_SLIDE,
  COMMAND_TYPES,
  ORDER_CANCEL_REPLACE,
  PLACE_CLIENT_ORDER_ID,
  REPLACED_CLIENT_ORDER_ID,
  REPLACED_ORDER_ID,
  REPLACE_MODE,
  FrameBuffer,
  MAX_AMOUNT,
  PLACE_BY_QUOTE,
  PLACE_HAS_PRICE,
  PLACE_IDEMPOTENT,
  PLACE_POST_ONLY,
  PLACE_QUANTITY,
  PLACE_FLAGS,
  OCO_FLAGS,
  ORDER_PLACE,
  ORDER_PLACE_BRACKET,
  ORDER_PLACE_OCO,
  LEDGER_TRANSFER,
  LEDGER_RELEASE,
  writeContinue,
  writeLedgerHold,
  writeLedgerRelease,
  writeLedgerSettle,
  writeLedgerTransfer,
  writeOrderAmend,
  writeOrderCancel,
  writeOrderCancelAll,
  writeOrderCancelAllAfter,
  writeOrderPlace,
  writeOrderPlaceSpecial,
  writeOrderReduce,
  type Event,
  type MarketSpec,
  type OrderPlaceFields,
  type OrderReferenceFields,
  type OrderTermsFields,
} from '@bourse/core'
import { CommandScene, type SceneOrder } from './command-scene.js'
import { MID_TICKS, randomPrice, writeRandomAuction, writeRandomDefinition, writeRandomReference, writeRandomUpdate, writeStage } from './random-definitions.js'
import { writeRandomFees } from './random-fees.js'
import { writeRandomProtection, writeRandomQuotes } from './random-quotes.js'
import { writeRandomBracket, writeRandomOco, type ExitScene } from './random-exits.js'
import { SeededRandom } from './seeded-random.js'

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

export interface RandomCommandsOptions {
  readonly seed: number
  /** Accounts that trade; 8 by default. */
  readonly accounts?: number
}

/**
 * Commands that follow from a seed and from the events that came of those before.
 *
 * @example
 * const random = new RandomCommands({ seed: 1 })
 * random.next(commands)              // appends one frame, not yet stamped
 * for (const event of events) random.observe(event)
 */
export class RandomCommands {
  private readonly scene = new CommandScene()
  private readonly random: SeededRandom
  private readonly accounts: number
  private readonly stage = new FrameBuffer()
  private stageAt = 0
  /** The last idempotent frames, to be sent again. */
  private readonly sent: FrameBuffer[] = []
  private names = 0

  constructor({ seed, accounts = 8 }: RandomCommandsOptions) {
    this.random = new SeededRandom(seed)
    this.accounts = accounts
    writeStage(this.stage, accounts)
  }

  /** All frames of the stage have been given: what follows is made from their events. */
  get isStaged(): boolean {
    return this.stageAt >= this.stage.length
  }

  /** Appends the next command and returns its offset. */
  next(frames: FrameBuffer): number {
    const offset = frames.length
    if (this.stageAt < this.stage.length) {
      frames.appendFrom(this.stage, this.stageAt)
      this.stageAt += this.stage.size(this.stageAt)
      return offset
    }
    this.write(frames)
    if (isIdempotent(frames, offset)) {
      this.sent.push(FrameBuffer.from(frames.bytes.subarray(offset, frames.length)))
      if (this.sent.length > 30) this.sent.shift()
    }
    return offset
  }

  observe(event: Event): void {
    this.scene.observe(event)
  }

  /** Microseconds until the next command: mostly little, sometimes nothing, now and then so much that several deadlines pass. */
  elapsedUs(): number {
    if (this.random.onceIn(50)) return 3_000_000
    return this.random.pick([0, 1, 7, 1000, 250_000])
  }

  private write(frames: FrameBuffer): void {
    const chance = this.random.below(1000)
    if (chance < 500) this.place(frames)
    else if (chance < 550) writeRandomBracket(frames, this.exits())
    else if (chance < 590) writeRandomOco(frames, this.exits())
    else if (chance < 600) writeRandomAuction(frames, this.scene, this.random)
    else if (chance < 612) writeRandomProtection(frames, this.random, this.quoter())
    else if (chance < 660) writeRandomQuotes(frames, this.scene, this.random, this.quoter())
    else if (chance < 740) writeOrderCancel(frames, this.reference())
    else if (chance < 780) this.reduce(frames)
    else if (chance < 854) this.amend(frames)
    else if (chance < 858) writeOrderCancelAll(frames, this.account(), this.random.onceIn(2) ? this.market().id : this.random.pick([0xffff, 0xffff, 77]))
    else if (chance < 868) this.deadManSwitch(frames)
    else if (chance < 878) this.replace(frames)
    else if (chance < 890) this.transfer(frames)
    else if (chance < 910) this.hold(frames)
    else if (chance < 925) writeLedgerSettle(frames, this.holdId(), this.account())
    else if (chance < 940) writeLedgerRelease(frames, this.holdId())
    else if (chance < 952) writeRandomUpdate(frames, this.scene, this.random)
    else if (chance < 954) writeRandomReference(frames, this.scene, this.random)
    else if (chance < 960) writeRandomDefinition(frames, this.scene, this.random)
    else if (chance < 977) writeRandomFees(frames, this.scene, this.random)
    else if (chance < 988) this.repeat(frames)
    else this.broken(frames)
  }

  /** Sends a command again, sometimes with a difference. */
  private repeat(frames: FrameBuffer): void {
    if (this.sent.length === 0) return this.place(frames)
    const offset = frames.appendFrom(this.random.pick(this.sent), 0)
    if (this.random.onceIn(4)) frames.u8[offset + (frames.type(offset) === ORDER_PLACE ? PLACE_QUANTITY : 26)]! ^= 1
  }

  /** An order near the mid of its market; now and then something about it is wrong. */
  private place(frames: FrameBuffer, instead?: SceneOrder): void {
    const { random } = this
    const market = (instead === undefined ? undefined : this.scene.markets[instead.market]) ?? this.market()
    const byQuote = random.onceIn(12)
    const isMarket = byQuote || random.onceIn(8)
    const side = random.below(2)
    const hasPrice = !isMarket || random.onceIn(3)
    const named = random.onceIn(2)
    const order: OrderPlaceFields = {
      account: instead?.account ?? this.account(),
      market: market.id,
      side,
      orderType: isMarket ? MARKET : LIMIT,
      timeInForce: isMarket ? random.pick([IOC, IOC, FOK]) : random.pick([GTC, GTC, GTC, GTC, IOC, FOK]),
      selfTradePrevention: random.pick([0, 0, 1, 2, 3, market.allowSelfTrade ? NO_PREVENTION : 0]),
      flags: (hasPrice ? PLACE_HAS_PRICE : 0) | (byQuote ? PLACE_BY_QUOTE : 0),
      price: hasPrice ? this.price(market, side) : 0n,
      quantity: byQuote ? this.quoteAmount(market) : this.quantity(market),
      clientOrderId: named ? this.name('order') : '',
    }
    if (!isMarket && order.timeInForce === GTC && random.onceIn(6)) order.flags |= PLACE_POST_ONLY
    if (named && random.onceIn(4)) order.flags |= PLACE_IDEMPOTENT
    if (random.onceIn(12)) this.spoilOrder(order, market)
    if ((order.flags & PLACE_POST_ONLY) !== 0 && random.onceIn(2)) this.placeSliding(frames, order)
    else if (order.orderType === LIMIT && order.timeInForce === GTC && random.onceIn(6)) this.placeIceberg(frames, order, market)
    else if (order.orderType === LIMIT && order.timeInForce === GTC && random.onceIn(5)) this.placeUntil(frames, order)
    else if (random.onceIn(5)) this.placeConditional(frames, order, market)
    else writeOrderPlace(frames, order)
  }

  /** Any order in place of another one, whose name it takes over now and then. */
  private replace(frames: FrameBuffer): void {
    const { random } = this
    const old = this.liveOrder()
    const order = new FrameBuffer()
    this.place(order, old)
    if (old !== undefined && random.onceIn(5)) order.setText(PLACE_CLIENT_ORDER_ID, old.clientOrderId)
    const reference = this.reference(old)
    const offset = frames.append(COMMAND_BYTES[ORDER_CANCEL_REPLACE]!, ORDER_CANCEL_REPLACE)
    frames.bytes.set(order.used().subarray(4), offset + 4)
    frames.f64[(offset + REPLACED_ORDER_ID) >> 3] = reference.orderId
    frames.setText(offset + REPLACED_CLIENT_ORDER_ID, reference.clientOrderId)
    frames.u8[offset + REPLACE_MODE] = random.onceIn(30) ? random.pick([3, 255]) : random.below(3)
    if (random.onceIn(50)) frames.u8[offset + REPLACE_MODE + 1] = 1
    if (random.onceIn(50)) frames.u8[offset + REPLACED_CLIENT_ORDER_ID] = 7
  }

  /** A post-only order that slides, mostly from where it would trade; sometimes it may not. */
  private placeSliding(frames: FrameBuffer, order: OrderPlaceFields): void {
    const { random } = this
    const lasts = random.onceIn(4) ? { timeInForce: GTD, expiresAtUs: this.scene.nowUs + 5_000_000 } : random.onceIn(10) ? { timeInForce: random.pick([IOC, FOK]) } : {}
    const flags = random.onceIn(20) ? order.flags & ~PLACE_POST_ONLY : order.flags
    const market = this.scene.markets[order.market]
    const bold = market !== undefined && random.onceIn(2) ? { price: market.tickSize * (order.side === 0 ? MID_TICKS + 30n : MID_TICKS - 30n) } : {}
    writeOrderPlaceSpecial(frames, { ...order, ...NO_TERMS, ...lasts, ...bold, flags, flags2: PLACE_2_SLIDE })
  }

  /** A good-till-date order, mostly for a short time; sometimes it would have expired already. */
  private placeUntil(frames: FrameBuffer, order: OrderPlaceFields): void {
    const { random } = this
    const lasts = random.pick([1, 1000, 1_000_000, 1_000_000, 10_000_000, 10_000_000, 60_000_000, 60_000_000, 0, -1_000_000])
    writeOrderPlaceSpecial(frames, { ...order, timeInForce: random.onceIn(30) ? random.pick([GTC, IOC, FOK]) : GTD, ...NO_TERMS, expiresAtUs: random.onceIn(30) ? 0 : this.scene.nowUs + lasts })
  }

  /** An order of which most is hidden; sometimes it displays too little, too much or no whole lots. */
  private placeIceberg(frames: FrameBuffer, order: OrderPlaceFields, market: MarketSpec): void {
    const { random } = this
    const display = market.lotSize * BigInt(random.between(1, 8))
    const odd = random.pick([display + 1n, -display, order.quantity, MAX_AMOUNT])
    const expiresAtUs = random.onceIn(8) ? this.scene.nowUs + random.pick([1_000_000, 20_000_000]) : 0
    const timeInForce = random.onceIn(30) ? IOC : expiresAtUs === 0 ? GTC : GTD
    const quantity = random.onceIn(20) ? order.quantity : order.quantity + market.lotSize * BigInt(random.between(0, 60))
    writeOrderPlaceSpecial(frames, { ...order, quantity, timeInForce, ...NO_TERMS, expiresAtUs, displayQuantity: random.onceIn(20) ? odd : display })
  }

  /** An order that waits for a price, mostly as its type needs it to be. */
  private placeConditional(frames: FrameBuffer, order: OrderPlaceFields, market: MarketSpec): void {
    const { random } = this
    order.flags &= ~(random.onceIn(40) ? 0 : PLACE_POST_ONLY | PLACE_BY_QUOTE)
    order.orderType = random.onceIn(40) ? order.orderType : random.onceIn(3) ? TRAILING_STOP : random.between(STOP_MARKET, TRAILING_STOP)
    order.timeInForce = random.onceIn(40) ? GTC : random.pick([IOC, IOC, IOC, FOK])
    if ((order.orderType === STOP_LIMIT || order.orderType === TAKE_PROFIT_LIMIT) && random.onceIn(2)) order.timeInForce = random.pick([GTC, GTC, GTD])
    const terms = this.terms(market, order)
    if (order.timeInForce === GTD && terms.expiresAtUs === 0) terms.expiresAtUs = this.scene.nowUs + random.pick([1_000_000, 10_000_000, 60_000_000, -1])
    writeOrderPlaceSpecial(frames, { ...order, ...terms })
  }

  /** The terms that the type of an order needs; now and then others, or such that make no sense. */
  private terms(market: MarketSpec, order: OrderPlaceFields): OrderTermsFields {
    const { random } = this
    const terms: OrderTermsFields = { ...NO_TERMS }
    const price = this.price(market, random.below(2))
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

  private exits(): ExitScene {
    const market = this.market()
    return { random: this.random, account: this.account(), market, quantity: this.quantity(market), name: (kind) => this.name(kind) }
  }

  private spoilOrder(order: OrderPlaceFields, market: MarketSpec): void {
    const { random } = this
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
      () => this.stealName(order),
      () => this.stealName(order),
      // A name that the engine may want for an order without one.
      () => (order.clientOrderId = String(this.scene.newestOrderId + random.between(1, 8))),
      () => Object.assign(order, { orderType: MARKET, timeInForce: IOC, flags: PLACE_BY_QUOTE, quantity: random.pick([MAX_AMOUNT, market.minNotional - 1n]) }),
    ])
    spoil()
  }

  /** Gives an order the name of a live one of the same account. */
  private stealName(order: OrderPlaceFields): void {
    const live = this.liveOrder()
    if (live === undefined) return
    order.account = live.account
    order.clientOrderId = live.clientOrderId
  }

  private reduce(frames: FrameBuffer): void {
    const order = this.liveOrder()
    const leaves = order?.leaves ?? 10n
    const lot = this.scene.markets[order?.market ?? 0]?.lotSize ?? 1n
    const wanted = this.random.pick([leaves - lot, leaves / 2n, (leaves / lot / 2n) * lot, leaves, leaves + lot, 0n, -lot, lot])
    writeOrderReduce(frames, { ...this.reference(order), leavesQuantity: wanted })
  }

  private amend(frames: FrameBuffer): void {
    const { random } = this
    const order = this.liveOrder()
    const market = this.scene.markets[order?.market ?? 0] ?? this.market()
    const total = (order?.leaves ?? market.lotSize) + (order?.filled ?? 0n)
    const price = random.pick([undefined, order?.price, this.price(market, 0), this.price(market, 1), this.price(market, 0), this.price(market, 1), 0n, market.maxPrice + market.tickSize, (order?.price ?? 1n) + 1n])
    const quantity = random.pick([undefined, undefined, total, total + market.lotSize, total - market.lotSize, order?.filled ?? 0n, this.quantity(market), 0n, -1n, total + 1n, market.maxQuantity * 2n])
    writeOrderAmend(frames, { ...this.reference(order), price, quantity })
  }

  private deadManSwitch(frames: FrameBuffer): void {
    const { random } = this
    const timeoutMs = random.onceIn(20) ? 86_400_001 : random.pick([0, 1, 1, 250, 1000, 1000, 3000, 60_000])
    writeOrderCancelAllAfter(frames, { account: this.account(), market: random.onceIn(2) ? this.market().id : random.pick([0xffff, 0xffff, 0xffff, 77]), timeoutMs })
  }

  private transfer(frames: FrameBuffer): void {
    const { random } = this
    const asset = random.onceIn(20) ? 60 : random.below(this.scene.assets.length)
    const from = random.onceIn(2) ? 0 : this.account()
    const amount = random.pick([1n, 1000n, 10n ** 8n, 10n ** 8n, 0n, -5n, 10n ** 17n, MAX_AMOUNT, MAX_AMOUNT - 1n])
    writeLedgerTransfer(frames, { requestId: this.name('request'), from, to: this.account(), asset, amount, withinFamily: random.onceIn(12) })
  }

  private hold(frames: FrameBuffer): void {
    const { random } = this
    const asset = random.onceIn(20) ? 60 : random.below(this.scene.assets.length)
    const { endedHolds } = this.scene
    const holdId = random.onceIn(3) ? this.holdId() : random.onceIn(4) && endedHolds.length > 0 ? random.pick(endedHolds) : this.name('hold')
    writeLedgerHold(frames, { holdId, account: this.account(), asset, amount: random.pick([1n, 500n, 10n ** 7n, 0n, -1n, 10n ** 17n, MAX_AMOUNT]) })
  }

  /** A frame that no honest writer makes: an unknown type, a wrong size, nothing to continue, bytes that are no text. */
  private broken(frames: FrameBuffer): void {
    const { random } = this
    const offset = frames.length
    switch (random.below(5)) {
      case 0:
        frames.append(32, random.pick([0, COMMAND_TYPES.length, 99, 255]))
        return
      case 1:
        frames.append(random.pick([32, 40, 48, 200, 1656]), random.between(1, COMMAND_TYPES.length - 1))
        return
      case 2:
        writeContinue(frames)
        return
      case 3:
        this.place(frames)
        // A byte of the client order id that is no printable character, or follows the end of the text.
        frames.u8[offset + 56 + random.below(36)] = random.pick([7, 32, 127, 200, 65])
        return
      default:
        this.transfer(frames)
        frames.u8[offset + 48 + random.below(36)] = random.pick([0, 7, 32, 127, 200, 65])
    }
  }

  private account(): number {
    const { random } = this
    if (random.onceIn(60)) return random.pick([0, 1, 5000])
    return 2 + random.below(Math.min(this.accounts, Math.max(1, this.scene.accounts.length - 2)))
  }

  /** Mostly one who quotes already. */
  private quoter(): { account: number; market: MarketSpec } {
    const { scene, random } = this
    const quotes = random.onceIn(3) && scene.frozenQuoters.length > 0 ? scene.frozenQuoters : scene.orders.filter(({ quote }) => quote)
    if (quotes.length === 0 || random.onceIn(5)) return { account: this.account(), market: this.market() }
    const { account, market } = random.pick(quotes)
    return { account, market: scene.markets[market]! }
  }

  private market(): MarketSpec {
    const market = this.random.pick(this.scene.markets)
    return market.state === 'delisted' && !this.random.onceIn(8) ? this.market() : market
  }

  private price(market: MarketSpec, side: number): bigint {
    return randomPrice(market, side, this.random)
  }

  private quantity(market: MarketSpec): bigint {
    return market.lotSize * BigInt(this.random.onceIn(20) ? this.random.between(1, 5000) : this.random.between(1, 30))
  }

  private quoteAmount(market: MarketSpec): bigint {
    return MID_TICKS * market.tickSize * market.lotSize * market.notionalUnit * BigInt(this.random.between(0, 30)) + BigInt(this.random.below(50))
  }

  private liveOrder(): SceneOrder | undefined {
    return this.scene.orders.length === 0 ? undefined : this.random.pick(this.scene.orders)
  }

  /** By either id; sometimes of an order that is gone, of another account or of another market. */
  private reference(order = this.liveOrder()): OrderReferenceFields {
    const { random, scene } = this
    if (order === undefined || random.onceIn(15)) {
      const orderId = scene.goneOrders.length > 0 && random.onceIn(2) ? random.pick(scene.goneOrders) : random.pick([0, 0.5, -1, 1, 999_999])
      return { account: this.account(), market: this.market().id, orderId, clientOrderId: orderId === 0 && random.onceIn(2) ? this.name('order') : '' }
    }
    const byName = random.onceIn(2)
    return {
      account: random.onceIn(25) ? this.account() : order.account,
      market: random.onceIn(25) ? random.pick([this.market().id, 77]) : order.market,
      orderId: byName ? 0 : order.orderId,
      clientOrderId: byName ? order.clientOrderId : '',
    }
  }

  private holdId(): string {
    const { holds } = this.scene
    return holds.length === 0 || this.random.onceIn(6) ? this.name('hold') : this.random.pick(holds)
  }

  /** Mostly a new name, sometimes one that was used. */
  private name(kind: string): string {
    const number = this.random.onceIn(8) ? this.random.between(1, this.names + 1) : ++this.names
    return `${kind}-${number}`
  }
}

function isIdempotent(frames: FrameBuffer, offset: number): boolean {
  const type = frames.type(offset)
  if (type === ORDER_PLACE_OCO) return frames.u8[offset + OCO_FLAGS] === PLACE_IDEMPOTENT
  if (type === ORDER_PLACE_BRACKET || type === ORDER_PLACE || type === ORDER_CANCEL_REPLACE) return (frames.u8[offset + PLACE_FLAGS]! & PLACE_IDEMPOTENT) !== 0
  return type >= LEDGER_TRANSFER && type <= LEDGER_RELEASE
}
