/** ccxt's own client for Binance, with nothing changed but the addresses. */
import ccxt from 'ccxt'

export type CcxtClient = InstanceType<typeof ccxt.pro.binance>

export interface ConnectOptions {
  /** Of the exchange, for example `http://localhost:3000`. */
  readonly url: string
  readonly apiKey: string
  readonly secret: string
}

export async function connect({ url, apiKey, secret }: ConnectOptions): Promise<CcxtClient> {
  const sockets = url.replace(/^http/, 'ws')
  const client = new ccxt.pro.binance({
    apiKey,
    secret,
    options: { fetchMarkets: { types: ['spot'] }, fetchMargins: false },
    urls: {
      api: {
        public: `${url}/api/v3`,
        private: `${url}/api/v3`,
        v1: `${url}/api/v1`,
        sapi: `${url}/sapi/v1`,
        ws: { spot: `${sockets}/stream/ws`, 'ws-api': { spot: `${sockets}/ws-api/v3` } },
      },
    },
  })
  // Without TLS ccxt needs its agent for plain connections.
  if (url.startsWith('http:')) await client.loadHttpProxyAgent()
  return client
}
