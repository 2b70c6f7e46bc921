/** Where everything stands in the engine's memory and in frames, told to the kernel as the engine itself knows it. */
import * as accountLayout from '../../packages/core/src/engine/account-layout.js'
import { KIND_SYSTEM } from '../../packages/core/src/engine/accounts.js'
import { SEVERAL, TAG_SHIFT } from '../../packages/core/src/engine/order-names.js'
import * as command from '../../packages/core/src/domain/frames/command-frames.js'
import * as event from '../../packages/core/src/domain/frames/event-frames.js'
import { CANCEL_REASONS } from '../../packages/core/src/domain/vocabulary.js'
import * as balanceLayout from '../../packages/core/src/ledger/balance-layout.js'
import { MAKER_RATE, TAKER_RATE } from '../../packages/core/src/ledger/fee-layout.js'
import * as levelLayout from '../../packages/core/src/matching/level-layout.js'
import * as marketLayout from '../../packages/core/src/matching/market-layout.js'
import { SPREAD, SPREAD_BOOKS } from '../../packages/core/src/matching/order-books.js'
import * as orderLayout from '../../packages/core/src/matching/order-layout.js'
import { LEVEL_NODES, NODE_BITS, NODE_WORDS } from '../../packages/core/src/matching/price-index.js'
import * as registers from '../../packages/core/src/matching/registers.js'
import * as seatLayout from '../../packages/core/src/matching/seat-layout.js'
import { FRAME_HEADER_BYTES } from '../../packages/core/src/values/frames.js'
import * as tables from '../../packages/core/src/values/memory-table.js'
import * as rows from '../../packages/core/src/values/row-memory.js'
import { NO_TEXT, TEXT_BIT, TEXT_HASH_BITS, TEXT_WORDS } from '../../packages/core/src/values/text-words.js'

const OTHERS = {
  FRAME_HEADER_BYTES,
  KIND_SYSTEM,
  LEVEL_NODES,
  MAKER_RATE,
  NO_TEXT,
  NODE_BITS,
  NODE_WORDS,
  SEVERAL,
  SPREAD,
  SPREAD_BOOKS,
  TAG_SHIFT,
  TAKER_RATE,
  TEXT_BIT,
  TEXT_HASH_BITS,
  TEXT_WORDS,
  CANCEL_BYTES: command.COMMAND_BYTES[command.ORDER_CANCEL],
  PLACE_BYTES: command.COMMAND_BYTES[command.ORDER_PLACE],
  ORDER_ACCEPTED_BYTES: event.EVENT_BYTES[event.ORDER_ACCEPTED],
  ORDER_CANCELLED_BYTES: event.EVENT_BYTES[event.ORDER_CANCELLED],
  ORDER_RESTED_BYTES: event.EVENT_BYTES[event.ORDER_RESTED],
  TRADE_EXECUTED_BYTES: event.EVENT_BYTES[event.TRADE_EXECUTED],
  EVENT_FLAGS: event.STATE_POST_ONLY,
  REASON_REQUESTED: CANCEL_REASONS.indexOf('requested'),
}
const MODULES = [OTHERS, registers, rows, tables, accountLayout, balanceLayout, levelLayout, marketLayout, orderLayout, seatLayout, command, event]

/**
 * The module `layouts` of the kernel: the constants that its sources import.
 *
 * @param {readonly string[]} sources
 */
export function layoutsFor(sources) {
  const names = new Set(sources.flatMap((source) => [...source.matchAll(/import \{([^}]*)\} from '.\/layouts'/g)].flatMap(([, list = '']) => list.split(',').map((name) => name.trim())).filter((name) => name !== '')))
  return [...names].sort().map((name) => `export const ${name} = ${valueOf(name)}\n`).join('')
}

/** @param {string} name */
function valueOf(name) {
  const values = new Set(MODULES.map((module) => /** @type {Record<string, unknown>} */ (module)[name]).filter((value) => Number.isInteger(value)))
  if (values.size !== 1) throw new Error(`${values.size} layouts have a constant ${name}.`)
  return Number([...values][0])
}
