/** Tickers of other windows than a day: rolling ones, and that of the trading day. */
import type { GatewayShare, MarketScale, WindowTicker } from '@bourse/api'
import { BinanceError, illegalCharacters, invalidValue } from '../binance-error.js'
import type { Parameters } from '../request/parameters.js'
import type { Symbols } from '../symbols.js'
import { miniTickerView, windowTickerView } from '../views/market-views.js'
import { publicCall, type Call } from './call.js'

const MINUTE_MS = 60_000
const DAY_MS = 1_440 * MINUTE_MS
const MAX_SYMBOLS = 100
const UNITS = { m: { ms: MINUTE_MS, most: 59 }, h: { ms: 60 * MINUTE_MS, most: 23 }, d: { ms: DAY_MS, most: 7 } } as const
const TIME_ZONE = '^[+-]?[0-9]{1,2}(:[0-5][0-9])?$'
/** Minutes before and after UTC that there are. */
const [WESTERNMOST, EASTERNMOST] = [-12 * 60, 14 * 60] as const

export function windowTickerCalls({ services, markets }: GatewayShare, symbols: Symbols): Call[] {
  return [
    publicCall('GET /api/v3/ticker', { socket: 'ticker', weight: 4 }, (parameters) => {
      const fromMs = services.now() - windowSizeMs(parameters)
      const view = viewOf(parameters)
      return forNamedSymbols(parameters, symbols, async (scale) => view(await markets.windowTicker(scale.market.id, fromMs), scale))
    }),
    publicCall('GET /api/v3/ticker/tradingDay', { socket: 'ticker.tradingDay', weight: 4 }, (parameters) => {
      const aheadMs = timeZoneMinutes(parameters) * MINUTE_MS
      const fromMs = Math.floor((services.now() + aheadMs) / DAY_MS) * DAY_MS - aheadMs
      const view = viewOf(parameters)
      return forNamedSymbols(parameters, symbols, async (scale) => ({ ...view(await markets.windowTicker(scale.market.id, fromMs), scale), closeTime: fromMs + DAY_MS - 1 }))
    }),
  ]
}

function viewOf(parameters: Parameters): (ticker: WindowTicker, scale: MarketScale) => object {
  return parameters.choice('type', ['FULL', 'MINI']) === 'MINI' ? miniTickerView : windowTickerView
}

/** `1m` to `59m`, `1h` to `23h`, `1d` to `7d`. */
function windowSizeMs(parameters: Parameters): number {
  const [, count, unit] = /^([1-9]\d?)([mhd])$/.exec(parameters.optional('windowSize') ?? '1d') ?? []
  const { ms, most } = UNITS[(unit ?? 'm') as keyof typeof UNITS]
  if (count === undefined || Number(count) > most) throw invalidValue('windowSize')
  return Number(count) * ms
}

/** `8`, `-3`, `5:45`: hours and minutes ahead of UTC. */
function timeZoneMinutes(parameters: Parameters): number {
  const text = parameters.optional('timeZone') ?? '0'
  if (!new RegExp(TIME_ZONE).test(text)) throw illegalCharacters('timeZone', TIME_ZONE)
  const [hours, minutes = '0'] = text.replace(/^[+-]/, '').split(':')
  const ahead = (text.startsWith('-') ? -1 : 1) * (Number(hours) * 60 + Number(minutes))
  if (ahead < WESTERNMOST || ahead > EASTERNMOST) throw invalidValue('timeZone')
  return ahead
}

/** One object for a `symbol`, a list for `symbols`; one of them must be there. */
async function forNamedSymbols(parameters: Parameters, symbols: Symbols, view: (scale: MarketScale) => Promise<object>): Promise<object> {
  const wanted = parameters.symbols()
  if (wanted === undefined) throw new BinanceError(-1102, "Param 'symbol' or 'symbols' must be sent, but both were empty/null!")
  if (wanted.length > MAX_SYMBOLS) throw invalidValue('symbols')
  const tickers = await Promise.all(wanted.map((symbol) => symbols.scale(symbol)).map(view))
  return parameters.has('symbol') ? tickers[0]! : tickers
}
