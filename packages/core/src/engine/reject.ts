/** Ends a command that must not happen: one event, nothing else changed. */
import { NONE_16, NONE_32, type FrameBuffer } from '../values/frames.js'
import { isTextInWords } from '../values/text-words.js'
import { COMMAND_TYPES } from '../domain/commands/commands.js'
import * as command from '../domain/frames/command-frames.js'
import { LEG_CLIENT_ORDER_ID, OCO_TAKE_PROFIT } from '../domain/frames/linked-frames.js'
import { rejectByte, type RejectCode } from '../domain/rejects.js'
import type { EngineState } from './state.js'

/** Where the client order id stands in a command, by type byte; 0 where there is none. */
const NAME_AT = COMMAND_TYPES.map((_, type) => {
  if (type === command.ORDER_PLACE || type === command.ORDER_PLACE_SPECIAL || type === command.ORDER_CANCEL_REPLACE) return command.PLACE_CLIENT_ORDER_ID
  if (type === command.ORDER_PLACE_BRACKET) return command.PLACE_CLIENT_ORDER_ID
  if (type === command.ORDER_PLACE_OCO) return OCO_TAKE_PROFIT + LEG_CLIENT_ORDER_ID
  return type >= command.ORDER_CANCEL && type <= command.ORDER_AMEND ? command.REFERENCE_CLIENT_ORDER_ID : 0
})
/** Commands about orders and quotes: they name an account and a market. */
const TRADING = [
  command.ORDER_PLACE,
  command.ORDER_PLACE_SPECIAL,
  command.ORDER_PLACE_OCO,
  command.ORDER_PLACE_BRACKET,
  command.ORDER_CANCEL,
  command.ORDER_REDUCE,
  command.ORDER_AMEND,
  command.ORDER_CANCEL_ALL,
  command.ORDER_CANCEL_ALL_AFTER,
  command.ORDER_CANCEL_REPLACE,
  command.QUOTE_PLACE,
  command.QUOTE_PROTECT,
  command.QUOTE_RESET_PROTECTION,
]
const NAMES_ACCOUNT = new Set([...TRADING, command.LEDGER_TRANSFER, command.LEDGER_HOLD, command.LEDGER_SETTLE, command.ACCOUNT_UPDATE])
const NAMES_MARKET = new Set([...TRADING, command.MARKET_UPDATE, command.FEES_DEFINE_TIER, command.MARKET_SET_REFERENCE, command.MARKET_AUCTION])

/** The account that a command names, or `NONE_32` where it names none that exists. */
export function namedAccount(state: EngineState, frames: FrameBuffer, offset: number): number {
  const account = frames.account(offset)
  return NAMES_ACCOUNT.has(frames.type(offset)) && account < state.accounts.count ? account : NONE_32
}

export function reject(state: EngineState, frames: FrameBuffer, offset: number, code: RejectCode): void {
  const type = frames.type(offset)
  const isKnown = type < COMMAND_TYPES.length
  const wholeFrame = isKnown && command.isCommandSize(type, frames.size(offset))
  const market = frames.market(offset)
  state.out.rejected(rejectByte(code), {
    type: isKnown ? type : 0,
    account: namedAccount(state, frames, offset),
    market: NAMES_MARKET.has(type) && state.catalog.market(market) !== undefined ? market : NONE_16,
    frames,
    // A text that is no text is not repeated.
    nameAt: wholeFrame && NAME_AT[type] !== 0 && isTextInWords(frames.u32, (offset + NAME_AT[type]!) >> 2) ? offset + NAME_AT[type]! : 0,
  })
}
