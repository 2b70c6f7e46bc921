/** What random commands name: accounts, markets, orders, prices and names, mostly such that exist. */
import type { MarketSpec, OrderReferenceFields } from '@bourse/core'
import { CommandScene, type SceneOrder } from './command-scene.js'
import { MID_TICKS, randomPrice } from './random-definitions.js'
import type { SeededRandom } from './seeded-random.js'

/** Chooses for one stream of random commands. */
export class RandomChoices {
  readonly scene = new CommandScene()
  readonly random: SeededRandom
  private readonly accounts: number
  private names = 0

  constructor(random: SeededRandom, accounts: number) {
    this.random = random
    this.accounts = accounts
  }

  /** Mostly one that trades. */
  account(): number {
    const { random } = this
    if (random.onceIn(60)) return random.pick([0, 1, 5000])
    return 2 + random.below(Math.min(this.accounts, Math.max(1, this.scene.accounts.length - 2)))
  }

  /** Mostly one who quotes already. */
  quoter(): { account: number; market: MarketSpec } {
    const { scene, random } = this
    const quotes = random.onceIn(3) && scene.frozenQuoters.length > 0 ? scene.frozenQuoters : scene.orders.filter(({ quote }) => quote)
    if (quotes.length === 0 || random.onceIn(5)) return { account: this.account(), market: this.market() }
    const { account, market } = random.pick(quotes)
    return { account, market: scene.markets[market]! }
  }

  /** Mostly one that is not delisted. */
  market(): MarketSpec {
    const market = this.random.pick(this.scene.markets)
    return market.state === 'delisted' && !this.random.onceIn(8) ? this.market() : market
  }

  /** A price of the side, near the mid of the market. */
  price(market: MarketSpec, side: number): bigint {
    return randomPrice(market, side, this.random)
  }

  /** Whole lots, mostly few. */
  quantity(market: MarketSpec): bigint {
    return market.lotSize * BigInt(this.random.onceIn(20) ? this.random.between(1, 5000) : this.random.between(1, 30))
  }

  /** An amount of the quote asset, seldom of whole lots. */
  quoteAmount(market: MarketSpec): bigint {
    return MID_TICKS * market.tickSize * market.lotSize * market.notionalUnit * BigInt(this.random.between(0, 30)) + BigInt(this.random.below(50))
  }

  /** One that lives, if any does. */
  liveOrder(): SceneOrder | undefined {
    return this.scene.orders.length === 0 ? undefined : this.random.pick(this.scene.orders)
  }

  /** By either id; sometimes of an order that is gone, of another account or of another market. */
  reference(order = this.liveOrder()): OrderReferenceFields {
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

  /** Mostly of a hold that stands. */
  holdId(): string {
    const { holds } = this.scene
    return holds.length === 0 || this.random.onceIn(6) ? this.name('hold') : this.random.pick(holds)
  }

  /** Mostly a new name, sometimes one that was used. */
  name(kind: string): string {
    const number = this.random.onceIn(8) ? this.random.between(1, this.names + 1) : ++this.names
    return `${kind}-${number}`
  }
}
