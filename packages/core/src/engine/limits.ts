/** The bounds of an engine's memory and of what one command may do; fixed at birth, part of the state. */

export interface EngineLimits {
  /** Most orders that one command cancels before it goes on in a `continue`. */
  readonly cancelsPerCommand: number
  /** Most triggered orders that one command starts before it goes on in a `continue`. */
  readonly activationsPerCommand: number
  /** Most trailing stops that wait in one market: each of them looks at every new extreme. */
  readonly trailingStopsPerMarket: number
  /** How many idempotent ledger commands (transfers, holds and their ends) are remembered. */
  readonly ledgerRequests: number
  /** How many idempotent orders are remembered. */
  readonly orderRequests: number
}

export const DEFAULT_LIMITS: EngineLimits = {
  cancelsPerCommand: 256,
  activationsPerCommand: 32,
  trailingStopsPerMarket: 1_024,
  ledgerRequests: 262_144,
  orderRequests: 131_072,
}
