/** Balances, own trades, fees and limits of the key's owner. */
import { balanceViews, fillRowView, type MarketScale } from '@bourse/api'
import { RATE_LIMITS, type Fill } from '@bourse/client'
import { formatDecimal } from '@bourse/core'
import { ownTrade } from '../orders/order-views.js'
import type { Caller } from '../request/callers.js'
import type { Parameters } from '../request/parameters.js'
import { symbolOf } from '../symbols.js'
import { privateCall, type Call } from './call.js'
import type { OrderDesk } from './order-calls.js'

export function accountCalls(desk: OrderDesk): Call[] {
  const { share, symbols, lists } = desk
  const { services, orderQueries } = share
  return [
    privateCall('GET /api/v3/account', { socket: 'account.status', access: 'read', weight: 20 }, (parameters, caller) => account(desk, parameters, caller)),
    privateCall('GET /api/v3/account/commission', { socket: 'account.commission', access: 'read', weight: 20 }, (parameters) => {
      const { market } = symbols.scale(parameters.symbol())
      const none = { maker: '0.000000', taker: '0.000000', buyer: '0.000000', seller: '0.000000' }
      return {
        symbol: symbolOf(market.symbol),
        standardCommission: { ...none, maker: rate(market.makerFeePpm), taker: rate(market.takerFeePpm) },
        specialCommission: none,
        taxCommission: none,
        discount: { enabledForAccount: false, enabledForSymbol: false, discountAsset: '', discount: '0.000000' },
      }
    }),
    privateCall('GET /sapi/v1/asset/tradeFee', { access: 'read' }, (parameters) => {
      const scales = parameters.has('symbol') ? [symbols.scale(parameters.symbol())] : symbols.all()
      return scales.map(({ market }) => ({ symbol: symbolOf(market.symbol), makerCommission: rate(market.makerFeePpm), takerCommission: rate(market.takerFeePpm) }))
    }),
    privateCall('GET /api/v3/myTrades', { socket: 'myTrades', access: 'read', weight: 20 }, async (parameters, caller) =>
      (await ownFills(desk, parameters, caller)).map((fill) => ownTrade(fill, lists.idOfOrder(fill.orderId))),
    ),
    privateCall('GET /api/v3/rateLimit/order', { socket: 'account.rateLimits.orders', access: 'read', weight: 40 }, async (_parameters, { user, apiKey, address }) => {
      const { orders } = await share.limits.take({ weight: 0, orders: 0 }, { key: apiKey.key, userId: user.userId, address })
      return [{ rateLimitType: 'ORDERS', interval: 'SECOND', intervalNum: RATE_LIMITS.orders.windowSeconds, limit: RATE_LIMITS.orders.key, count: orders === undefined ? 0 : orders.limit - orders.remaining }]
    }),
    privateCall('GET /sapi/v1/account/apiRestrictions', { access: 'read' }, (_parameters, { apiKey }) => ({
      ipRestrict: apiKey.allowedAddresses.length > 0,
      createTime: apiKey.createdMs,
      enableReading: true,
      enableSpotAndMarginTrading: apiKey.scopes.includes('trade'),
      enableWithdrawals: apiKey.scopes.includes('withdraw'),
      enableInternalTransfer: false,
      enableMargin: false,
      enableFutures: false,
      permitsUniversalTransfer: false,
      enableVanillaOptions: false,
      ...(apiKey.expiresMs === undefined ? {} : { tradingAuthorityExpirationTime: apiKey.expiresMs }),
    })),
    privateCall('GET /sapi/v1/account/status', { access: 'read' }, (_parameters, { user }) => {
      const id = services.exchange.catalog.accountByName(user.userId)
      const frozen = id === undefined ? 'none' : services.exchange.engine.accountSettings(id)?.frozen
      return { data: frozen === 'none' || frozen === undefined ? 'Normal' : 'Locked' }
    }),
  ]

  async function ownFills({ share: { reads } }: OrderDesk, parameters: Parameters, { user }: Caller): Promise<Fill[]> {
    const { market } = symbols.scale(parameters.symbol())
    const { catalog } = services.exchange
    await reads.history()
    const orderId = parameters.integer('orderId', { least: 1 })
    const limit = parameters.limit(500, 1_000)
    const fromId = parameters.integer('fromId')
    if (orderId !== undefined) {
      const fills = await orderQueries.fillsOfOrder(user.userId, market.id, orderId)
      return fills.filter(({ tradeId }) => tradeId >= (fromId ?? 0)).slice(0, limit).map((fill) => fillRowView(fill, catalog))
    }
    const window = { market: market.id, fromId, fromMs: parameters.integer('startTime'), toMs: parameters.integer('endTime'), limit }
    return (await orderQueries.fillsWithin(user.userId, window)).map((fill) => fillRowView(fill, catalog))
  }
}

async function account({ share, symbols }: OrderDesk, parameters: Parameters, { user, apiKey }: Caller): Promise<object> {
  const { exchange } = share.services
  const balances = await share.reads.read(() => balanceViews(exchange, user.userId, exchange.catalog.assets()))
  const omitZeros = parameters.choice('omitZeroBalances', ['true', 'false']) === 'true'
  const shown = balances.filter(({ available, held }) => !omitZeros || Number(available) > 0 || Number(held) > 0)
  const rates = usualRates(symbols.all())
  return {
    makerCommission: Math.round(Number(rates.maker) * 10_000),
    takerCommission: Math.round(Number(rates.taker) * 10_000),
    buyerCommission: 0,
    sellerCommission: 0,
    commissionRates: { ...rates, buyer: '0.00000000', seller: '0.00000000' },
    canTrade: apiKey.scopes.includes('trade'),
    canWithdraw: apiKey.scopes.includes('withdraw'),
    canDeposit: true,
    brokered: false,
    requireSelfTradePrevention: false,
    preventSor: false,
    updateTime: Math.floor((await share.orderQueries.lastChangeUs(user.userId)) / 1_000),
    accountType: 'SPOT',
    balances: shown.map(({ asset, available, held }) => ({ asset, free: available, locked: held })),
    permissions: ['SPOT'],
    uid: exchange.catalog.accountByName(user.userId) ?? 0,
  }
}

/** Those of the first market: Binance shows one pair of rates, markets here have their own. */
function usualRates([first]: readonly MarketScale[]): { maker: string; taker: string } {
  return { maker: rate(first?.market.makerFeePpm ?? 0), taker: rate(first?.market.takerFeePpm ?? 0) }
}

function rate(ppm: number): string {
  return formatDecimal(BigInt(ppm), 6)
}

