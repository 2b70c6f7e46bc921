/** Turns what happens to the account into notices. */
import type { TextOf } from '../i18n/texts.js'
import { groupThousands, isZero, trimZeros } from '../format/amounts.js'
import { isLive, type AccountEvents } from './account.js'
import type { Notices } from './notices.js'
import type { Deposit, Exchange, Market, Order, Withdrawal } from './wire.js'

interface NoticeText {
  readonly kind: 'success' | 'info'
  readonly title: string
  readonly detail: string
}

/** What to say of an order that the exchange has just taken; null where its fills will be told anyway. */
export function placedNotice(order: Order, market: Market | undefined, text: TextOf): NoticeText | null {
  const wanted = order.quantity !== null ? `${groupThousands(trimZeros(order.quantity, 2))} ${market?.base ?? ''}` : `${groupThousands(trimZeros(order.quoteQuantity ?? '0', 2))} ${market?.quote ?? ''}`
  const detail = order.orderType === 'market' || order.price === null ? wanted : text('notice.orderAt', { quantity: wanted, price: groupThousands(order.price) })
  if (isLive(order)) return { kind: 'success', title: text(order.side === 'buy' ? 'notice.buyPlaced' : 'notice.sellPlaced'), detail }
  return order.status === 'cancelled' && isZero(order.filledQuantity) ? { kind: 'info', title: text('notice.orderNotFilled'), detail } : null
}

/** Tells of orders that were filled while nobody waited for them, of deposits and of withdrawals. */
export function announceEvents(notices: Notices, exchange: Exchange, text: TextOf): Omit<AccountEvents, 'onLoggedOut'> {
  const deposits = new Map<string, Deposit['status']>()
  const withdrawals = new Map<string, Withdrawal['status']>()
  const amount = (decimalText: string, asset: string): string => `${groupThousands(trimZeros(decimalText, 2))} ${asset}`

  function filled(order: Order): void {
    const base = exchange.markets.find((market) => market.symbol === order.market)?.base ?? ''
    notices.show({
      kind: 'success',
      title: text('notice.orderFilled'),
      detail: text(order.side === 'buy' ? 'notice.bought' : 'notice.sold', { quantity: amount(order.filledQuantity, base), price: groupThousands(order.averagePrice ?? order.price ?? '') }),
    })
  }

  return {
    onFills(_fills, orders) {
      for (const order of orders) if (order.status === 'filled' || (order.status === 'cancelled' && !isZero(order.filledQuantity) && order.reason !== 'requested')) filled(order)
    },
    onDeposits(changed) {
      for (const deposit of changed) {
        const before = deposits.get(deposit.depositId)
        deposits.set(deposit.depositId, deposit.status)
        if (before === deposit.status) continue
        const detail = amount(deposit.amount, deposit.asset)
        if (deposit.status === 'pending' && deposit.confirmations <= 1) notices.show({ kind: 'info', title: text('notice.depositSeen'), detail })
        if (deposit.status === 'credited') notices.show({ kind: 'success', title: text('notice.depositCredited'), detail })
        if (deposit.status === 'dropped' || deposit.status === 'too_small') notices.show({ kind: 'error', title: text(deposit.status === 'dropped' ? 'notice.depositDropped' : 'notice.depositTooSmall'), detail })
      }
    },
    onWithdrawals(changed) {
      for (const withdrawal of changed) {
        const before = withdrawals.get(withdrawal.withdrawalId)
        withdrawals.set(withdrawal.withdrawalId, withdrawal.status)
        if (before === withdrawal.status) continue
        const detail = amount(withdrawal.amount, withdrawal.asset)
        if (withdrawal.status === 'confirmed') notices.show({ kind: 'success', title: text('notice.withdrawalConfirmed'), detail })
        if (withdrawal.status === 'failed') notices.show({ kind: 'error', title: text('notice.withdrawalFailed'), detail })
      }
    },
  }
}
