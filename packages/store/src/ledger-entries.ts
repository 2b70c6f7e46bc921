/** Derives the entries of the ledger from an event: every change of an account's total in an asset, none for holds. */
import type { Catalog, Event, EventBase, HoldSettled, TradeExecuted, TradeParty, TransferPosted } from '@bourse/core'
import type { Row } from './bulk-rows.js'
import type { LedgerEntryKind } from './history-rows.js'

const WORLD = 0
const FEES = 1
/** More than any event has entries, so that the ordinals of one event do not reach those of the next. */
const ENTRIES_PER_EVENT = 16

/** What the entries of one movement have in common. */
interface Movement {
  readonly asset: number
  readonly kind: LedgerEntryKind
  readonly market: number | null
  readonly reference: string
}

/** Appends the entries of one event as rows of LEDGER_ENTRIES, in a fixed order; their amounts sum to zero in each asset. */
export function appendLedgerEntries(rows: Row[], event: Event, catalog: Catalog): void {
  switch (event.type) {
    case 'transfer.posted':
      appendMove(rows, event, event.from, event.to, event.requestId)
      break
    case 'hold.settled':
      appendMove(rows, event, event.account, event.to, event.holdId)
      break
    case 'trade.executed':
      appendTrade(rows, event, catalog)
      break
    default:
  }
}

function appendMove(rows: Row[], event: TransferPosted | HoldSettled, from: number, to: number, reference: string): void {
  appendPair(rows, event, event.index * ENTRIES_PER_EVENT, { asset: event.asset, kind: kindOfMove(from, to), market: null, reference }, from, to, event.amount)
}

/** Between the world and the fees account money moves as a deposit or a withdrawal too. */
function kindOfMove(from: number, to: number): LedgerEntryKind {
  if (from === WORLD) return 'deposit'
  if (to === WORLD) return 'withdrawal'
  return from === FEES || to === FEES ? 'fee' : 'transfer'
}

function appendTrade(rows: Row[], trade: TradeExecuted, catalog: Catalog): void {
  const market = catalog.market(trade.market)
  if (market === undefined) throw new Error(`Trade ${trade.tradeId} of command ${trade.sequence} names market ${trade.market}, which the catalog does not know.`)
  const buyer = trade.takerSide === 'buy' ? trade.taker : trade.maker
  const seller = trade.takerSide === 'buy' ? trade.maker : trade.taker
  const reference = String(trade.tradeId)
  const movement = (asset: number, kind: LedgerEntryKind): Movement => ({ asset, kind, market: trade.market, reference })
  const first = trade.index * ENTRIES_PER_EVENT
  appendPair(rows, trade, first, movement(market.base, 'trade'), seller.account, buyer.account, trade.quantity * market.baseUnit)
  appendPair(rows, trade, first + 2, movement(market.quote, 'trade'), buyer.account, seller.account, trade.quoteAmount)
  appendFee(rows, trade, first + 4, movement(buyer.special?.feeAsset ?? market.base, 'fee'), buyer)
  appendFee(rows, trade, first + 8, movement(seller.special?.feeAsset ?? market.quote, 'fee'), seller)
  const { maker, taker } = trade
  if (taker.special !== undefined && maker.special !== undefined) appendPair(rows, trade, first + 12, movement(taker.special.feeAsset, 'rebate'), FEES, maker.account, maker.special.rebate)
}

/** The fee of one side, and the share of it that goes on to a referrer. */
function appendFee(rows: Row[], trade: TradeExecuted, ordinal: number, movement: Movement, { account, fee, special }: TradeParty): void {
  appendPair(rows, trade, ordinal, movement, account, FEES, fee)
  if (special?.referrer !== undefined) appendPair(rows, trade, ordinal + 2, { ...movement, kind: 'referral' }, FEES, special.referrer, special.referral)
}

function appendPair(rows: Row[], { sequence, timestampUs }: EventBase, ordinal: number, { asset, kind, market, reference }: Movement, from: number, to: number, amount: bigint): void {
  if (amount === 0n) return
  rows.push([from, sequence, ordinal, asset, kind, -amount, market, reference, timestampUs])
  rows.push([to, sequence, ordinal + 1, asset, kind, amount, market, reference, timestampUs])
}
