/** What a reject of the engine means to a person: the value, the rule that it broke, and what to do. */
import { formatDecimal, type Catalog, type MarketSpec, type RejectCode } from '@bourse/core'
import { statusOfReject } from '../documents/error-catalogue.js'
import { ApiFailure } from '../http/failures.js'
import { marketScale } from '../views/amounts.js'

/** The input that was refused, as far as a message may name it. */
export interface RejectedInput {
  readonly market?: string | undefined
  readonly asset?: string | undefined
  readonly side?: 'buy' | 'sell' | undefined
  readonly price?: string | undefined
  readonly quantity?: string | undefined
  readonly quoteQuantity?: string | undefined
  readonly leavesQuantity?: string | undefined
  readonly orderId?: number | undefined
  readonly clientOrderId?: string | undefined
  readonly amount?: string | undefined
  readonly requestId?: string | undefined
}

/** Why the engine, or the encoder before it, refused. */
export interface Reject {
  readonly code: RejectCode
  readonly field?: string | undefined
  readonly message?: string | undefined
}

interface Situation {
  readonly input: RejectedInput
  /** The market's rules in words; undefined where the input names no known market. */
  readonly rules: MarketRulesText | undefined
  /** The value of the field that the reject is about. */
  readonly value: string
}

interface MarketRulesText {
  readonly symbol: string
  readonly state: string
  readonly tickSize: string
  readonly lotSize: string
  readonly minQuantity: string
  readonly maxQuantity: string
  readonly minNotional: string
  readonly maxPrice: string
  readonly base: string
  readonly quote: string
  readonly maxOpenOrders: number
}

interface RejectText {
  readonly field?: keyof RejectedInput
  text(situation: Situation): string
}

/** The answer to a request that the engine refused. */
export function rejectFailure(reject: Reject, input: RejectedInput, catalog: Catalog): ApiFailure {
  const entry = TEXTS[reject.code] ?? { text: () => reject.message ?? `The exchange refused this (${reject.code}).` }
  const market = input.market === undefined ? undefined : catalog.marketBySymbol(input.market)
  const field = presentField(entry.field, input) ?? reject.field
  const value = field === undefined ? '' : String(Reflect.get(input, field) ?? '')
  const message = entry.text({ input, value, rules: market === undefined ? undefined : rulesText(market, catalog) })
  return new ApiFailure({ status: statusOfReject(reject.code), code: reject.code, message, field })
}

/** A quantity may have come as a total, as what is left, or in quote. */
function presentField(field: keyof RejectedInput | undefined, input: RejectedInput): keyof RejectedInput | undefined {
  if (field !== 'quantity' || input.quantity !== undefined) return field
  if (input.leavesQuantity !== undefined) return 'leavesQuantity'
  return input.quoteQuantity === undefined ? field : 'quoteQuantity'
}

function rulesText(market: MarketSpec, catalog: Catalog): MarketRulesText {
  const scale = marketScale(catalog, market.id)
  return {
    symbol: market.symbol,
    state: market.state,
    tickSize: scale.price(market.tickSize),
    lotSize: scale.quantity(market.lotSize),
    minQuantity: scale.quantity(market.minQuantity),
    maxQuantity: scale.quantity(market.maxQuantity),
    minNotional: scale.quoteAmount(market.minNotional),
    maxPrice: formatDecimal(market.maxPrice, market.priceScale),
    base: scale.base.code,
    quote: scale.quote.code,
    maxOpenOrders: market.maxOpenOrders,
  }
}

const TEXTS: Partial<Record<RejectCode, RejectText>> = {
  unknown_asset: { field: 'asset', text: ({ value }) => `There is no asset ${value}. GET /api/v1/exchange lists them.` },
  unknown_market: { field: 'market', text: ({ value }) => `There is no market ${value}. GET /api/v1/exchange lists them.` },
  unknown_order: {
    text: ({ input }) => `No live order of yours in ${input.market ?? 'this market'} has the ${input.orderId === undefined ? `clientOrderId ${input.clientOrderId ?? ''}` : `orderId ${input.orderId}`}: it is filled, cancelled, or was never placed.`,
  },
  market_not_open: { field: 'market', text: ({ rules }) => `${rules?.symbol ?? 'The market'} is ${rules?.state ?? 'not open'} and takes no such order now.` },
  invalid_combination: {
    text: () =>
      'These options do not go together. A limit order needs price and quantity; a market order needs quantity or quoteQuantity, no postOnly and no gtc; postOnly needs gtc. An order can be changed only in terms that it has, and not while another one is linked with it: replace it instead.',
  },
  price_not_positive: { field: 'price', text: ({ value }) => `The price ${value} must be above zero.` },
  price_not_multiple_of_tick_size: {
    field: 'price',
    text: ({ value, rules }) => `The price ${value} is not a multiple of the tick size ${rules?.tickSize ?? ''} of ${rules?.symbol ?? 'the market'}. Round it to a multiple.`,
  },
  price_out_of_bounds: { field: 'price', text: ({ value, rules }) => `The price ${value} is outside the bounds of ${rules?.symbol ?? 'the market'}, which go up to ${rules?.maxPrice ?? ''} ${rules?.quote ?? ''}.` },
  price_outside_band: {
    field: 'price',
    text: ({ value, rules }) => `The price ${value} is too far from the last price of ${rules?.symbol ?? 'the market'} for an order that rests. Choose a price nearer to it.`,
  },
  quantity_not_positive: { field: 'quantity', text: ({ value }) => `The quantity ${value} must be above zero.` },
  quantity_not_multiple_of_lot_size: {
    field: 'quantity',
    text: ({ value, rules }) => `The quantity ${value} is not a multiple of the lot size ${rules?.lotSize ?? ''} of ${rules?.symbol ?? 'the market'}. Round it to a multiple.`,
  },
  quantity_below_minimum: { field: 'quantity', text: ({ value, rules }) => `The quantity ${value} is below the minimum ${rules?.minQuantity ?? ''} ${rules?.base ?? ''} of ${rules?.symbol ?? 'the market'}.` },
  quantity_above_maximum: { field: 'quantity', text: ({ value, rules }) => `The quantity ${value} is above the maximum ${rules?.maxQuantity ?? ''} ${rules?.base ?? ''} of ${rules?.symbol ?? 'the market'}. Split the order.` },
  notional_below_minimum: {
    field: 'quantity',
    text: ({ rules }) => `Price times quantity is below the minimum ${rules?.minNotional ?? ''} ${rules?.quote ?? ''} of ${rules?.symbol ?? 'the market'}. Raise the quantity.`,
  },
  notional_above_maximum: { field: 'quantity', text: ({ rules }) => `Price times quantity is above what ${rules?.symbol ?? 'the market'} can carry. Split the order.` },
  duplicate_client_order_id: {
    field: 'clientOrderId',
    text: ({ value }) => `The clientOrderId ${value} was used for another order. Send exactly the same order to get its result, or choose a new clientOrderId.`,
  },
  duplicate_request: {
    text: ({ input }) => `${input.clientOrderId === undefined ? `The requestId ${input.requestId ?? ''}` : `The clientOrderId ${input.clientOrderId}`} was used for another request with other values. Choose a new one.`,
  },
  too_many_open_orders: { field: 'market', text: ({ rules }) => `You have ${rules?.maxOpenOrders ?? 'too many'} live orders in ${rules?.symbol ?? 'this market'}, which is the most. Cancel some first.` },
  would_take_liquidity: { field: 'price', text: ({ input, value }) => `A post-only ${input.side ?? ''} order at ${value} would trade at once. Choose a price further from the other side, or leave postOnly out.` },
  self_trade_prevention_required: { text: ({ rules }) => `${rules?.symbol ?? 'This market'} does not allow selfTradePrevention "none". Leave it out or choose another mode.` },
  no_liquidity: { field: 'market', text: ({ rules }) => `Nobody offers the other side of ${rules?.symbol ?? 'the market'} within the price limits now. Try a limit order.` },
  insufficient_balance: {
    text: ({ input, rules }) => `Your available ${input.asset ?? (input.side === 'buy' ? rules?.quote : input.side === 'sell' ? rules?.base : undefined) ?? 'balance'} does not cover this. Lower the amount, cancel orders that hold money, or deposit more.`,
  },
  amount_not_positive: { field: 'amount', text: ({ value }) => `The amount ${value} must be above zero.` },
  amount_out_of_bounds: { field: 'amount', text: ({ value }) => `The amount ${value} has too many decimals or is too large for this asset.` },
  quantity_not_reduced: { field: 'leavesQuantity', text: ({ value }) => `The leavesQuantity ${value} must be lower than what the order has left now. To raise it, give a new total quantity.` },
  order_changed_nothing: { text: () => 'The order already has this price and quantity.' },
  stop_would_trigger: { text: ({ rules }) => `The last price of ${rules?.symbol ?? 'the market'} has reached this stop price already. Choose one further away, or place the order without it.` },
  too_many_trailing_stops: { text: ({ rules }) => `As many trailing stops as ${rules?.symbol ?? 'the market'} bears are waiting. Try again later, or use a fixed stop price.` },
  not_permitted: { text: () => 'This account may not do that.' },
  account_frozen: { text: () => 'This account is frozen and may not do that now. Orders can still be cancelled. Ask the exchange.' },
}
