/** Words of the memory that hold what one function tells the next: a bigint argument would be allocated. */
import { FIRST_REGISTER } from '../values/row-memory.js'

/** f64: sequence and timestamp (microseconds) of the command. */
export const SEQUENCE = FIRST_REGISTER
export const TIMESTAMP = FIRST_REGISTER + 1
/** f64: id of the last accepted order. */
export const LAST_ORDER_ID = FIRST_REGISTER + 2
/** i64: what a walk trades or decrements, in quantity units. */
export const QUANTITY = FIRST_REGISTER + 3
/** i64: what an order has to set aside. */
export const HOLD = FIRST_REGISTER + 4
/** i64, of a trade: base and quote amount, the buyer's and the seller's fee, what the buyer held too much. */
export const BASE_AMOUNT = FIRST_REGISTER + 5
export const QUOTE_AMOUNT = FIRST_REGISTER + 6
export const BUYER_FEE = FIRST_REGISTER + 7
export const SELLER_FEE = FIRST_REGISTER + 8
export const FREED = FIRST_REGISTER + 9
/** f64: the earliest deadline, Infinity where there is none. */
export const NEXT_DEADLINE = FIRST_REGISTER + 10
/** f64, price units: the limit of a walk that must stop before the order's own price. */
export const WALK_LIMIT = FIRST_REGISTER + 11
/** f64: how many protections of quotes the command has reached the limits of. */
export const REACHED_PROTECTIONS = FIRST_REGISTER + 12

/**
 * The numbers of 32 bits that the engine and its kernel tell each other; see `engine/kernel.ts`. These are places in 32-bit
 * words from here on.
 */
export const DIRECTORY = FIRST_REGISTER + 13
/** Where the numbers of pools, tables and accounts stand, counted in words of 32 bits. */
export const ORDERS = 0
export const LEVELS = 1
export const NODES = 2
export const IDS = 3
export const NAMES = 4
export const RECENT = 5
export const ACCOUNTS = 6
/** Where commands are read, and where events are written, in bytes: from where, up to where. */
export const IN_START = 7
export const OUT_START = 8
export const OUT_END = 9
/** Where the numbers of the list of markets stand, counted in words of 32 bits. */
export const MARKETS = 17
/** Where the kernel keeps its lists while it looks ahead, in bytes. */
export const LISTS_START = 16
/** Where a run of the kernel has stopped: the first command that is not done, the end of the events, the first event of the last command, how many events that has. */
export const NEXT_FRAME = 10
export const OUT_NEXT = 11
export const COMMAND_OUT = 12
export const EVENT_COUNT = 13
/** What the engine must go on with: an order, and its market. */
export const ORDER_ROW = 14
export const MARKET_ROW = 15

/** Why the kernel stops before the end: the next command is not plain; something is full; the order's walk goes on; the market has waiting orders; the account has no seat in the market. */
export const NOT_PLAIN = 1
export const NEEDS_ROOM = 2
export const WALKS_ON = 3
export const AFTER_TRADES = 4
export const NEEDS_SEAT = 5
