/** Events of money that moves, or is set aside, other than by trading. */
import type { EventBase } from './event-base.js'

export interface TransferPosted extends EventBase {
  readonly type: 'transfer.posted'
  readonly requestId: string
  readonly from: number
  readonly to: number
  readonly asset: number
  readonly amount: bigint
}

export interface HoldPlaced extends EventBase {
  readonly type: 'hold.placed'
  readonly holdId: string
  readonly account: number
  readonly asset: number
  readonly amount: bigint
}

export interface HoldSettled extends EventBase {
  readonly type: 'hold.settled'
  readonly holdId: string
  readonly account: number
  readonly to: number
  readonly asset: number
  readonly amount: bigint
}

export interface HoldReleased extends EventBase {
  readonly type: 'hold.released'
  readonly holdId: string
  readonly account: number
  readonly asset: number
  readonly amount: bigint
}
