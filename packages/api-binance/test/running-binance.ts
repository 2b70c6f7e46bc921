/** An exchange with the Binance interface on an ephemeral port, two funded traders with API keys, and books to trade in. */
import { createHmac } from 'node:crypto'
import type { GatewayServices } from '@bourse/api'
import type { Asset, BourseClient, NewApiKey } from '@bourse/client'
import { startGateway, type RunningGateway } from '../../api/test/running-gateway.js'
import { mountBinance, type BinanceFacade, type BinanceOptions } from '../src/index.js'

export interface Keys {
  readonly key: string
  readonly secret: string
}

export interface Trader extends Keys {
  readonly client: BourseClient
  readonly userId: string
}

export interface RunningBinance {
  readonly running: RunningGateway
  readonly calls: BinanceFacade['calls']
  /** `http://127.0.0.1:port` and `ws://127.0.0.1:port`. */
  readonly http: string
  readonly ws: string
  /** Trades through the clients under test. */
  readonly bot: Trader
  /** Stands on the other side, through v1. */
  readonly maker: Trader
  newKey(options?: Partial<NewApiKey>): Promise<Keys>
  /** A signed call over plain HTTP. */
  call(method: string, path: string, parameters?: Record<string, string | number>, options?: CallOptions): Promise<CallAnswer>
  stop(): Promise<void>
}

export interface CallOptions {
  readonly keys?: Keys
  /** Parameters go into the body. */
  readonly inBody?: boolean
  readonly unsigned?: boolean
}

export interface CallAnswer {
  readonly status: number
  readonly headers: Headers
  readonly body: Body
  /** The body where it is a list, else empty; of objects or of rows. */
  readonly list: readonly Body[]
  readonly rows: readonly (readonly unknown[])[]
}

/** The shapes of answers are what the tests are about. */
export interface Body {
  readonly code?: number
  readonly msg?: string
  readonly [field: string]: unknown
}

const BALANCES = { BTC: '100', ETH: '100', USDT: '10000000' }

/** @param change of the services, for a clock or limits of a test's own. */
export async function startBinance(change: (services: GatewayServices) => GatewayServices = (services) => services, options: BinanceOptions = {}): Promise<RunningBinance> {
  const running = await startGateway({ services: (services) => change({ ...services, presentation: () => ({ ...services.presentation(), assets: services.presentation().assets.map(withNetwork) }) }) })
  const facade = mountBinance(running.gateway, options)
  const bot = await trader(running, 'bot')
  const maker = await trader(running, 'maker')
  const http = running.url
  return {
    running,
    calls: facade.calls,
    http,
    ws: http.replace('http', 'ws'),
    bot,
    maker,
    newKey: (options) => newKey(bot.client, options),
    call: (method, path, parameters = {}, options = {}) => call({ http, method, path, parameters, keys: bot, ...options }),
    async stop() {
      await facade.close()
      await running.remove()
    },
  }
}

async function trader(running: RunningGateway, name: string): Promise<Trader> {
  const { client, userId } = await running.trader(name, BALANCES)
  return { client, userId, ...(await newKey(client)) }
}

async function newKey(client: BourseClient, options: Partial<NewApiKey> = {}): Promise<Keys> {
  const { apiKey, secret } = await client.createApiKey({ label: 'bot', scopes: ['trade', 'withdraw'], allowedAddresses: ['127.0.0.1'], ...options })
  return { key: apiKey.key, secret: secret ?? '' }
}

export function signed(text: string, { secret }: Keys): string {
  return createHmac('sha256', secret).update(text).digest('hex')
}

async function call({ http, method, path, parameters, keys, inBody = false, unsigned = false }: CallOptions & { http: string; method: string; path: string; parameters: Record<string, string | number>; keys: Keys }): Promise<CallAnswer> {
  const texts = Object.entries({ ...parameters, ...(unsigned ? {} : { timestamp: Date.now(), ...('timestamp' in parameters ? { timestamp: parameters['timestamp']! } : {}) }) }).map(([name, value]) => [name, String(value)])
  const text = new URLSearchParams(texts).toString()
  const full = unsigned ? text : `${text}&signature=${signed(text, keys)}`
  const response = await fetch(`${http}${path}${inBody || full === '' ? '' : `?${full}`}`, {
    method,
    headers: { ...(unsigned ? {} : { 'X-MBX-APIKEY': keys.key }), ...(inBody ? { 'content-type': 'application/x-www-form-urlencoded' } : {}) },
    ...(inBody ? { body: full } : {}),
  })
  return answerOf(response)
}

export async function answerOf(response: Response): Promise<CallAnswer> {
  const body: unknown = await response.json()
  return { status: response.status, headers: response.headers, body: body as Body, list: Array.isArray(body) ? (body as Body[]) : [], rows: Array.isArray(body) ? (body as unknown[][]) : [] }
}

function withNetwork(asset: Asset): Asset {
  if (asset.code === 'ETH') return asset
  return { ...asset, network: { name: 'simulated', requiredConfirmations: 2, minimumDeposit: '1', minimumWithdrawal: '10', withdrawalFee: '1', deposit: true, withdraw: true, faucet: true } }
}
