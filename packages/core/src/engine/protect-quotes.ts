/** `quote.protect` and `quote.reset-protection`, and what happens when a limit is reached. */
import { MAX_AMOUNT } from '../values/decimal.js'
import { NONE_16, type FrameBuffer } from '../values/frames.js'
import { QUOTES_FROZEN, QUOTES_PROTECTED, QUOTES_UNFROZEN } from '../domain/frames/event-frames.js'
import * as quote from '../domain/frames/quote-frames.js'
import type { RejectCode } from '../domain/rejects.js'
import { CANCEL_REASONS } from '../domain/vocabulary.js'
import { KIND_WORLD } from './accounts.js'
import { startCounting } from './quote-protections.js'
import { reject } from './reject.js'
import type { EngineState } from './state.js'

const MAX_WINDOW_MS = 3_600_000
const MAX_FROZEN_MS = 86_400_000
const MARKET_MAKER_PROTECTION = CANCEL_REASONS.indexOf('market_maker_protection')

/** Sets a protection in place of the one before, or with a window of 0 ends it. A freeze outlives new limits, not the end. */
export function protectQuotes(state: EngineState, frames: FrameBuffer, offset: number): void {
  const wanted = quote.readProtection(frames, offset)
  const fault = protectFault(state, wanted)
  if (fault !== undefined) {
    reject(state, frames, offset, fault)
    return
  }
  const { account, market } = wanted
  const seat = state.seats.find(account, market) || state.seats.open(account, state.markets.rows[market]!)
  const frozenUntilUs = state.protections.find(seat)?.frozenUntilUs ?? 0
  if (wanted.windowMs === 0) state.protections.remove(seat)
  else state.protections.set(seat, { ...wanted, filledCount: 0, filledQuantity: 0n, windowStartUs: 0, frozenUntilUs })
  const at = state.out.begin(QUOTES_PROTECTED, account, market, NONE_16)
  quote.writeProtection(state.out.frames, at, wanted)
}

function protectFault(state: EngineState, wanted: quote.QuoteProtectFields): RejectCode | undefined {
  const { account, market, quantity, fills, windowMs, frozenMs } = wanted
  if (account >= state.accounts.count) return 'unknown_account'
  if (market >= state.markets.count) return 'unknown_market'
  if (state.accounts.kind(account) === KIND_WORLD) return 'not_permitted'
  if (quantity < 0n) return 'quantity_not_positive'
  if (quantity > MAX_AMOUNT) return 'quantity_above_maximum'
  if (windowMs > MAX_WINDOW_MS || frozenMs > MAX_FROZEN_MS) return 'timeout_out_of_bounds'
  const limits = quantity > 0n || fills > 0
  return limits === (windowMs === 0) || (windowMs === 0 && frozenMs > 0) ? 'invalid_combination' : undefined
}

export function resetProtection(state: EngineState, frames: FrameBuffer, offset: number): void {
  const account = frames.account(offset)
  const market = frames.market(offset)
  if (account >= state.accounts.count) reject(state, frames, offset, 'unknown_account')
  else if (market >= state.markets.count) reject(state, frames, offset, 'unknown_market')
  else {
    const protection = state.protections.find(state.seats.find(account, market))
    if (protection === undefined) {
      reject(state, frames, offset, 'protection_not_set')
      return
    }
    startCounting(protection)
    protection.frozenUntilUs = 0
    state.out.begin(QUOTES_UNFROZEN, account, market, NONE_16)
  }
}

/** Withdraws the quotes of those whose limits the command has reached: at its end, so that a taker trades with the book that it came upon. */
export function freezeQuotes(state: EngineState): void {
  for (const seat of state.protections.takeReached()) {
    const protection = state.protections.find(seat)!
    const { account, market, frozenMs } = protection
    protection.frozenUntilUs = frozenMs === 0 ? Infinity : state.timestampUs + frozenMs * 1000
    const at = state.out.begin(QUOTES_FROZEN, account, market, NONE_16)
    const out = state.out.frames
    out.i64[(at + quote.PROTECT_QUANTITY) >> 3] = protection.filledQuantity
    out.u32[(at + quote.PROTECT_FILLS) >> 2] = protection.filledCount
    out.f64[(at + quote.FROZEN_UNTIL) >> 3] = frozenMs === 0 ? 0 : protection.frozenUntilUs
    startCounting(protection)
    for (const order of state.quotes.standing(seat)) state.clearing.cancelResting(order, MARKET_MAKER_PROTECTION)
  }
}
