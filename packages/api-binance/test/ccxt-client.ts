/** The client of the example, for the exchange under test. */
import { connect, type CcxtClient } from '../../../examples/ccxt-bot/connect.js'
import type { RunningBinance, Keys } from './running-binance.js'

export type CcxtBinance = CcxtClient

export async function ccxtClient({ http, bot }: RunningBinance, { key, secret }: Keys = bot): Promise<CcxtBinance> {
  const client = await connect({ url: http, apiKey: key, secret })
  client.enableRateLimit = false
  return client
}
