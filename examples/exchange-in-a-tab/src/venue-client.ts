/** A simulated trader's door to a venue in memory. */
import { ApiRequestError, type PlaceOrder } from '@bourse/client'
import { formatDecimal, type Event, type MarketSpec, type Venue } from '@bourse/core'
import type { SimulatorClient } from '@bourse/market-simulator'

type Command = Parameters<Venue<string, string>['submit']>[0]

export function createVenueClient(venue: Venue<string, string>, account: string): SimulatorClient {
  const { engine } = venue
  const spec = (market: string): MarketSpec => engine.catalog.marketBySymbol(market)!
  return {
    exchange: async () => ({ markets: engine.catalog.markets().map((market) => describe(venue, market)) }),
    tickers: async () => engine.catalog.markets().map((market) => quote(venue, market)),
    placeOrder: async (order) => {
      const events = submit(venue, { type: 'order.place', account, ...given(order) })
      return { order: { side: order.side }, fills: fills(events, order, spec(order.market)) }
    },
    changeOrder: async (change) => submit(venue, { type: 'order.amend', account, ...given(change) }),
    cancelOrder: async (order) => submit(venue, { type: 'order.cancel', account, ...given(order) }),
    cancelAll: async ({ market }) => submit(venue, { type: 'order.cancel-all', account, ...given({ market }) }),
    openOrders: async (market) => {
      const { id, priceScale, quantityScale } = spec(market)
      return engine.openOrders(engine.catalog.accountByName(account)!, id).map(({ clientOrderId, side, price, leavesQuantity }) => ({
        ...{ clientOrderId, side, price: formatDecimal(price, priceScale) },
        leavesQuantity: formatDecimal(leavesQuantity, quantityScale),
      }))
    },
    balances: async () => ({ balances: engine.catalog.assets().map(({ code }) => ({ asset: code, ...venue.balance(account, code) })) }),
  }
}

function submit(venue: Venue<string, string>, command: Command): readonly Event[] {
  const result = venue.submit(command)
  if (!result.ok) throw new ApiRequestError(result.reject.code, result.reject.message ?? result.reject.code, 422)
  return result.events
}

function fills(events: readonly Event[], order: PlaceOrder, { priceScale, quantityScale }: MarketSpec): { price: string; quantity: string }[] {
  return events.flatMap((event) =>
    event.type === 'trade.executed' && event.takerSide === order.side ? [{ price: formatDecimal(event.price, priceScale), quantity: formatDecimal(event.quantity, quantityScale) }] : [],
  )
}

function describe({ engine }: Venue<string, string>, market: MarketSpec): Awaited<ReturnType<SimulatorClient['exchange']>>['markets'][number] {
  const { catalog } = engine
  const price = (units: bigint): string => formatDecimal(units, market.priceScale)
  const quantity = (units: bigint): string => formatDecimal(units, market.quantityScale)
  return {
    symbol: market.symbol,
    base: catalog.asset(market.base)!.code,
    quote: catalog.asset(market.quote)!.code,
    priceScale: market.priceScale,
    quantityScale: market.quantityScale,
    tickSize: price(market.tickSize),
    maxPrice: price(market.maxPrice),
    lotSize: quantity(market.lotSize),
    minQuantity: quantity(market.minQuantity),
    maxQuantity: quantity(market.maxQuantity),
    minNotional: formatDecimal(market.minNotional, catalog.asset(market.quote)!.scale),
  }
}

function quote({ engine, marketData }: Venue<string, string>, market: MarketSpec): Awaited<ReturnType<SimulatorClient['tickers']>>[number] {
  const { lastPrice } = marketData.ticker(market.id, engine.timestampUs)
  const { bids, asks } = marketData.depth(market.id, 1)
  const price = (units: bigint | undefined): string | null => (units === undefined ? null : formatDecimal(units, market.priceScale))
  const quantity = (units: bigint | undefined): string | null => (units === undefined ? null : formatDecimal(units, market.quantityScale))
  return { market: market.symbol, lastPrice: price(lastPrice), bid: price(bids[0]?.[0]), bidQuantity: quantity(bids[0]?.[1]), ask: price(asks[0]?.[0]), askQuantity: quantity(asks[0]?.[1]) }
}

/** The same values without the keys that are undefined. */
function given<Values extends object>(values: Values): { [Key in keyof Values]: Exclude<Values[Key], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as { [Key in keyof Values]: Exclude<Values[Key], undefined> }
}
