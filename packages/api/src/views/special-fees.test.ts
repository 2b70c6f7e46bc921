import { createEngine, execute, type Command, type Engine, type TradeExecuted } from '@bourse/core'
import { expect } from 'chai'
import { AccountFollower } from '../streams/account-follower.js'
import { fillRowView } from './order-view.js'

const RULES = { state: 'open', tickSize: '0.01', lotSize: '0.001', minQuantity: '0.001', maxQuantity: '1000', maxPrice: '100000', minNotional: '0', makerFee: '0.001', takerFee: '0.002', marketBandBps: 500, allowSelfTrade: false, maxOpenOrders: 100 } as const

/** Bob pays his fees in TOK and was referred by Carol; he takes what Alice offers. */
function tradeInToken(): { engine: Engine; trade: TradeExecuted } {
  const engine = createEngine()
  const orders = { type: 'order.place', market: 'BTC-USD', orderType: 'limit', price: '100', quantity: '1' } as const
  const commands: Command[] = [
    ...[['BTC', 8], ['USD', 6], ['TOK', 4]].map(([code, scale]): Command => ({ type: 'asset.define', code: String(code), scale: Number(scale) })),
    { ...RULES, type: 'market.define', symbol: 'BTC-USD', base: 'BTC', quote: 'USD', priceScale: 2, quantityScale: 3 },
    ...['alice', 'bob', 'carol'].flatMap((account): Command[] => [
      { type: 'account.open', account, kind: 'user' },
      ...['BTC', 'USD', 'TOK'].map((asset): Command => ({ type: 'ledger.transfer', requestId: `${account}-${asset}`, from: 'world', to: account, asset, amount: '1000' })),
    ]),
    { type: 'fees.set-rate', feeAsset: 'TOK', asset: 'BTC', feeAssetAmount: '300', assetAmount: '1', discount: '0.25' },
    { type: 'account.update', account: 'bob', feeAsset: 'TOK', referrer: 'carol', referralShare: '0.2' },
    { ...orders, account: 'alice', side: 'sell' },
    { ...orders, account: 'bob', side: 'buy' },
  ]
  for (const command of commands) {
    const done = execute(engine, command, engine.sequence)
    if (!done.ok) throw new Error(`${command.type}: ${done.reject.code}`)
    for (const event of done.events) if (event.type === 'trade.executed') return { engine, trade: event }
  }
  throw new Error('Nothing was traded.')
}

describe('A fee in a chosen asset', () => {
  const { engine, trade } = tradeInToken()

  it('is shown in that asset', () => {
    const { taker, market, tradeId, price, quantity, quoteAmount, timestampUs, sequence } = trade
    const fill = { market, tradeId, orderId: taker.orderId, clientOrderId: '2', side: 'buy', price, quantity, quoteAmount, timestampUs, sequence, liquidity: 'taker' } as const
    expect(fillRowView({ ...fill, fee: taker.fee, feeAsset: taker.special?.feeAsset ?? null }, engine.catalog)).to.include({ fee: '0.4500', feeAsset: 'TOK' })
    expect(fillRowView({ ...fill, fee: taker.fee, feeAsset: null }, engine.catalog)).to.include({ feeAsset: 'BTC' })
  })

  it('changes the balance of that asset for payer and referrer', () => {
    for (const account of ['bob', 'carol']) {
      const follower = new AccountFollower(engine.catalog.accountByName(account)!, 0, [])
      follower.follow(trade, engine.catalog)
      expect([...follower.take()!.assets].map((id) => engine.catalog.asset(id)!.code), account).to.include('TOK')
    }
  })
})
