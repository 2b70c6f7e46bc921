/** Spends what calls cost of the limits that v1 counts too, and bans for a while who does not slow down. */
import type { GatewayShare } from '@bourse/api'
import { RATE_LIMITS, type Cost } from '@bourse/client'
import { BinanceError } from '../binance-error.js'
import type { AddressBans } from './address-bans.js'

export interface Spender {
  readonly key?: string
  readonly userId?: string
  readonly address: string
}

/** What the limits say after a call, for headers and answers. */
export interface Spent {
  readonly usedWeight: number
  readonly orderCount: number | undefined
}

export class Spending {
  constructor(
    private readonly share: Pick<GatewayShare, 'limits' | 'services'>,
    private readonly bans: AddressBans,
    private readonly now: () => number,
  ) {}

  /** @throws BinanceError 418 while the address is banned. */
  checkBan(address: string): void {
    const until = this.bans.untilMs(address)
    if (until > this.now()) throw banned(until, this.now())
  }

  /** @throws BinanceError 429 where a limit is reached; nothing is spent then. */
  async spend(cost: Cost, spender: Spender): Promise<Spent> {
    const { limits, services } = this.share
    if (spender.userId !== undefined && services.isUnlimited?.(spender.userId) === true) return { usedWeight: 0, orderCount: undefined }
    const state = await limits.take(cost, spender)
    const { weight, orders } = state
    if (state.allowed) return { usedWeight: weight.limit - weight.remaining, orderCount: orders === undefined ? undefined : orders.limit - orders.remaining }
    this.bans.refused(spender.address)
    const options = { status: 429, retryAfterSeconds: state.retryAfterSeconds }
    if (orders !== undefined && orders.remaining < cost.orders) {
      throw new BinanceError(-1015, `Too many new orders; current limit is ${orders.limit} orders per ${RATE_LIMITS.orders.windowSeconds} SECOND.`, options)
    }
    throw new BinanceError(-1003, `Too many requests; current limit is ${weight.limit} request weight per ${RATE_LIMITS.weight.windowSeconds / 60} MINUTE. Please use WebSocket Streams for live updates to avoid polling the API.`, options)
  }
}

function banned(untilMs: number, nowMs: number): BinanceError {
  return new BinanceError(-1003, `Way too much request weight used; IP banned until ${untilMs}. Please use WebSocket Streams for live updates to avoid bans.`, { status: 418, retryAfterSeconds: Math.ceil((untilMs - nowMs) / 1_000) })
}
