/** A small market maker: one bid and one ask around the middle of the book, moved when the middle moves. */
import { ApiRequestError, type BourseClient, type Market, type Ticker } from '@bourse/client'
import { decimal, formatDecimal, type Side } from '@bourse/core'

export interface BotOptions {
  readonly client: BourseClient
  readonly market: string
  readonly quantity: string
  /** Distance of both quotes from the middle, in basis points. */
  readonly distanceBps: number
  readonly log: (line: string) => void
}

/** Quotes until the returned function is called, which cancels what is left. */
export async function startBot(options: BotOptions): Promise<() => Promise<void>> {
  const { client, log } = options
  const market = (await client.exchange()).markets.find(({ symbol }) => symbol === options.market)
  if (market === undefined) throw new Error(`There is no market ${options.market} here.`)

  let quotedMiddle = 0n
  let busy = Promise.resolve()
  const requote = async (ticker: Ticker | undefined): Promise<void> => {
    if (ticker?.bid == null || ticker.ask == null) return
    const middle = (decimal(ticker.bid, market.priceScale) + decimal(ticker.ask, market.priceScale)) / 2n
    const distance = (middle * BigInt(options.distanceBps)) / 10_000n
    const moved = middle > quotedMiddle ? middle - quotedMiddle : quotedMiddle - middle
    if (moved < distance / 2n) return
    quotedMiddle = middle
    await client.cancelAll({ market: market.symbol })
    await quote('buy', middle - distance)
    await quote('sell', middle + distance)
  }
  const quote = async (side: Side, price: bigint): Promise<void> => {
    try {
      const { order } = await client.placeOrder({ market: market.symbol, side, orderType: 'limit', price: onTick(price, market), quantity: options.quantity, postOnly: true })
      log(`${side} ${order.quantity} at ${order.price}`)
    } catch (error) {
      if (!(error instanceof ApiRequestError)) throw error
      log(`${side} refused: ${error.message}`)
    }
  }

  const endTickers = await client.subscribe({ channel: 'tickers' }, {
    onSnapshot: (tickers) => follow(tickers),
    onMessage: ({ data }) => follow(data),
  })
  const endAccount = await client.subscribe({ channel: 'account' }, {
    onSnapshot: () => {},
    onMessage: ({ data }) => data.fills.forEach((fill) => log(`filled: ${fill.side} ${fill.quantity} at ${fill.price}, fee ${fill.fee} ${fill.feeAsset}`)),
  })
  function follow(tickers: readonly Ticker[]): void {
    const ticker = tickers.find((candidate) => candidate.market === options.market)
    busy = busy.then(() => requote(ticker)).catch((error: unknown) => log(String(error)))
  }

  return async () => {
    endTickers()
    endAccount()
    await busy
    await client.cancelAll({ market: options.market })
  }
}

function onTick(price: bigint, market: Market): string {
  const tick = decimal(market.tickSize, market.priceScale)
  return formatDecimal(price - (price % tick), market.priceScale)
}
