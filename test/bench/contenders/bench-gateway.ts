/** A whole gateway over an exchange with its journal and history on the disk, and two people with money, of whom the first has an API key. */
import { MemoryRateLimits } from '@bourse/api'
import { RATE_LIMITS } from '@bourse/client'
import { startGateway, type RunningGateway } from '../../../packages/api/test/running-gateway.js'
import type { Credentials } from './entry-exchange.js'

const BALANCES = { BTC: '100000', USDT: '1000000000' }

export interface BenchGateway extends RunningGateway {
  readonly port: number
  readonly credentials: Credentials
  readonly people: readonly { readonly userId: string }[]
}

/** More than any stage asks: every request is counted as ever, and none refused. */
const ENOUGH = { key: 1e9, user: 1e9, address: 1e9, anonymous: 1e9 }
const LIMITS = { weight: { ...RATE_LIMITS.weight, ...ENOUGH }, orders: { ...RATE_LIMITS.orders, ...ENOUGH } }

/** @param conflationMs of the public streams. */
export async function openBenchGateway(conflationMs?: number): Promise<BenchGateway> {
  const running = await startGateway({ services: (services) => ({ ...services, conflationMs, limits: new MemoryRateLimits(Date.now, LIMITS) }) })
  const { client, userId } = await running.trader('bench', BALANCES)
  const { apiKey, secret } = await client.createApiKey({ label: 'bench', scopes: ['trade'] })
  return Object.assign(running, { port: Number(new URL(running.url).port), credentials: { key: apiKey.key, secret: secret ?? '' }, people: [{ userId }, await running.trader('other', BALANCES)] })
}
