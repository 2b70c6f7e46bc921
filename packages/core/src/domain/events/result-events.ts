/** Events that say that a command, or a step of one, did not do what it asked. */
import type { CommandType } from '../commands/commands.js'
import type { EventBase } from './event-base.js'
import type { RejectCode } from '../rejects.js'
import type { ReplaceStep } from '../vocabulary.js'

/** The command changed nothing. */
export interface CommandRejected extends EventBase {
  readonly type: 'command.rejected'
  readonly code: RejectCode
  readonly command: CommandType | 'none'
  /** Undefined where the command named none that exists. */
  readonly account: number | undefined
  readonly market: number | undefined
  readonly clientOrderId: string
}

/** One step of an `order.cancel-replace` was refused and changed nothing; the other one took place, as the events beside this one tell. */
export interface StepRejected extends EventBase {
  readonly type: 'step.rejected'
  readonly step: ReplaceStep
  readonly code: RejectCode
  readonly account: number
  readonly market: number
  /** Of the order that was not placed, or that there was not to cancel; empty where the command named it by number or not at all. */
  readonly clientOrderId: string
}

/** The same idempotent command again: nothing changed, the first result stands. */
export interface CommandRepeated extends EventBase {
  readonly type: 'command.repeated'
  readonly command: CommandType
  readonly account: number | undefined
  /** Sequence of the command whose result this is, and the order that it made (0 where it made none). */
  readonly firstSequence: number
  readonly orderId: number
}
