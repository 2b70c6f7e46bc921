/** Encodes the commands about quotes. */
import type { FrameBuffer } from '../../values/frames.js'
import type { Catalog } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { QuoteEntry, QuotePlace, QuoteProtect, QuoteResetProtection } from '../commands/commands.js'
import { account, Fault, market, member, positive, price, quantity, timeout } from './encode-fields.js'
import { writeQuotePlace, writeQuoteProtect, writeQuoteResetProtection, type QuoteEntryFields } from '../frames/quote-frames.js'
import { SELF_TRADE_PREVENTIONS } from '../vocabulary.js'

export function encodeProtect(command: QuoteProtect, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, command.market)
  writeQuoteProtect(frames, {
    account: account(catalog, command.account, 'account'),
    market: target.id,
    quantity: command.quantity === undefined ? 0n : quantity(command.quantity, target, 'quantity'),
    fills: command.fills === undefined ? 0 : positive(command.fills, 'fills', 0xffffffff),
    windowMs: timeout(command.windowMs, 'windowMs'),
    frozenMs: timeout(command.frozenMs ?? 0, 'frozenMs'),
  })
}

export function encodeResetProtection(command: QuoteResetProtection, catalog: Catalog, frames: FrameBuffer): void {
  writeQuoteResetProtection(frames, account(catalog, command.account, 'account'), market(catalog, command.market).id)
}

export function encodeQuotes(ladder: QuotePlace, catalog: Catalog, frames: FrameBuffer): void {
  const target = market(catalog, ladder.market)
  const entries = (side: readonly QuoteEntry[], field: string): QuoteEntryFields[] =>
    side.map((entry, at) => ({ price: price(entry.price, target, `${field}[${at}].price`), quantity: quantity(entry.quantity, target, `${field}[${at}].quantity`) }))
  const count = ladder.bids.length + ladder.asks.length
  if (count > frame.MAX_QUOTE_ENTRIES) throw new Fault('malformed_frame', 'bids', `A ladder has at most ${frame.MAX_QUOTE_ENTRIES} entries, not ${count}.`)
  writeQuotePlace(frames, {
    account: account(catalog, ladder.account, 'account'),
    market: target.id,
    selfTradePrevention: member(SELF_TRADE_PREVENTIONS, ladder.selfTradePrevention ?? 'cancel-taker', 'selfTradePrevention'),
    postOnly: ladder.postOnly === true,
    bids: entries(ladder.bids, 'bids'),
    asks: entries(ladder.asks, 'asks'),
  })
}
