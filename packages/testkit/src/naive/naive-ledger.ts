/** Money of the naive engine: every movement takes from one place and gives to another. */
import type { NaiveOrder } from './naive-order.js'
import { balanceOf, changeBalance, heldAssetOf, type NaiveState } from './naive-state.js'

export function available(state: NaiveState, account: number, asset: number): bigint {
  return balanceOf(state, account, asset).available
}

/** Moves money of an account from available to held; a negative amount moves it back. */
export function setAside(state: NaiveState, hold: { account: number; asset: number; amount: bigint }): void {
  changeBalance(state, { account: hold.account, asset: hold.asset, available: -hold.amount, held: hold.amount })
}

/** Moves available money between accounts. */
export function pay(state: NaiveState, payment: { from: number; to: number; asset: number; amount: bigint }): void {
  const { from, to, asset, amount } = payment
  changeBalance(state, { account: from, asset, available: -amount, held: 0n })
  changeBalance(state, { account: to, asset, available: amount, held: 0n })
}

/** Moves held money of one account to the available money of another. */
export function payFromHeld(state: NaiveState, payment: { from: number; to: number; asset: number; amount: bigint }): void {
  const { from, to, asset, amount } = payment
  changeBalance(state, { account: from, asset, available: 0n, held: -amount })
  changeBalance(state, { account: to, asset, available: amount, held: 0n })
}

/** What an order must hold for so much of it: quote at its price for a buy, base for a sell. */
export function holdFor(state: NaiveState, order: { market: number; side: 'buy' | 'sell'; price: bigint }, quantity: bigint): bigint {
  const { spec } = state.markets[order.market]!
  return order.side === 'buy' ? order.price * quantity * spec.notionalUnit : quantity * spec.baseUnit
}

/** Gives back a part of what an order holds. */
export function releaseFromOrder(state: NaiveState, order: NaiveOrder, amount: bigint): void {
  order.held -= amount
  setAside(state, { account: order.account, asset: heldAssetOf(state, order), amount: -amount })
}
