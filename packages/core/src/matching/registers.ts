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
