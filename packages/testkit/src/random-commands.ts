/** Random commands, sensible and senseless, that reach every event and every reject of the engine. */
import {
  COMMAND_TYPES,
  FrameBuffer,
  LEDGER_RELEASE,
  LEDGER_TRANSFER,
  OCO_FLAGS,
  ORDER_CANCEL_REPLACE,
  ORDER_PLACE,
  ORDER_PLACE_BRACKET,
  ORDER_PLACE_OCO,
  PLACE_FLAGS,
  PLACE_IDEMPOTENT,
  PLACE_QUANTITY,
  writeContinue,
  writeLedgerRelease,
  writeLedgerSettle,
  writeOrderCancel,
  writeOrderCancelAll,
  type Event,
} from '@bourse/core'
import { writeRandomAmend, writeRandomDeadManSwitch, writeRandomReduce, writeRandomReplace } from './random-changes.js'
import { RandomChoices } from './random-choices.js'
import { writeRandomAuction, writeRandomDefinition, writeRandomReference, writeRandomUpdate, writeStage } from './random-definitions.js'
import { writeRandomBracket, writeRandomOco, type ExitScene } from './random-exits.js'
import { writeRandomFees } from './random-fees.js'
import { writeRandomHold, writeRandomTransfer } from './random-money.js'
import { writeRandomOrder } from './random-orders.js'
import { writeRandomProtection, writeRandomQuotes } from './random-quotes.js'
import { SeededRandom } from './seeded-random.js'

export interface RandomCommandsOptions {
  readonly seed: number
  /** Accounts that trade; 8 by default. */
  readonly accounts?: number
}

/**
 * Commands that follow from a seed and from the events that came of those before.
 *
 * @example
 * const random = new RandomCommands({ seed: 1 })
 * random.next(commands)              // appends one frame, not yet stamped
 * for (const event of events) random.observe(event)
 */
export class RandomCommands {
  private readonly random: SeededRandom
  private readonly choices: RandomChoices
  private readonly stage = new FrameBuffer()
  private stageAt = 0
  /** The last idempotent frames, to be sent again. */
  private readonly sent: FrameBuffer[] = []

  constructor({ seed, accounts = 8 }: RandomCommandsOptions) {
    this.random = new SeededRandom(seed)
    this.choices = new RandomChoices(this.random, accounts)
    writeStage(this.stage, accounts)
  }

  /** All frames of the stage have been given: what follows is made from their events. */
  get isStaged(): boolean {
    return this.stageAt >= this.stage.length
  }

  /** Appends the next command and returns its offset. */
  next(frames: FrameBuffer): number {
    const offset = frames.length
    if (this.stageAt < this.stage.length) {
      frames.appendFrom(this.stage, this.stageAt)
      this.stageAt += this.stage.size(this.stageAt)
      return offset
    }
    this.write(frames)
    if (isIdempotent(frames, offset)) {
      this.sent.push(FrameBuffer.from(frames.bytes.subarray(offset, frames.length)))
      if (this.sent.length > 30) this.sent.shift()
    }
    return offset
  }

  observe(event: Event): void {
    this.choices.scene.observe(event)
  }

  /** Microseconds until the next command: mostly little, sometimes nothing, now and then so much that several deadlines pass. */
  elapsedUs(): number {
    if (this.random.onceIn(50)) return 3_000_000
    return this.random.pick([0, 1, 7, 1000, 250_000])
  }

  private write(frames: FrameBuffer): void {
    const { choices, random } = this
    const { scene } = choices
    const chance = random.below(1000)
    if (chance < 500) writeRandomOrder(frames, choices)
    else if (chance < 560) writeRandomBracket(frames, this.exits())
    else if (chance < 595) writeRandomOco(frames, this.exits())
    else if (chance < 600) writeRandomAuction(frames, scene, random)
    else if (chance < 612) writeRandomProtection(frames, random, choices.quoter())
    else if (chance < 660) writeRandomQuotes(frames, scene, random, choices.quoter())
    else if (chance < 740) writeOrderCancel(frames, choices.reference())
    else if (chance < 780) writeRandomReduce(frames, choices)
    else if (chance < 854) writeRandomAmend(frames, choices)
    else if (chance < 858) writeOrderCancelAll(frames, choices.account(), random.onceIn(2) ? choices.market().id : random.pick([0xffff, 0xffff, 77]))
    else if (chance < 868) writeRandomDeadManSwitch(frames, choices)
    else if (chance < 878) writeRandomReplace(frames, choices)
    else if (chance < 890) writeRandomTransfer(frames, choices)
    else if (chance < 910) writeRandomHold(frames, choices)
    else if (chance < 925) writeLedgerSettle(frames, choices.holdId(), choices.account())
    else if (chance < 940) writeLedgerRelease(frames, choices.holdId())
    else if (chance < 952) writeRandomUpdate(frames, scene, random)
    else if (chance < 954) writeRandomReference(frames, scene, random)
    else if (chance < 960) writeRandomDefinition(frames, scene, random)
    else if (chance < 977) writeRandomFees(frames, scene, random)
    else if (chance < 988) this.repeat(frames)
    else this.broken(frames)
  }

  /** Sends a command again, sometimes with a difference. */
  private repeat(frames: FrameBuffer): void {
    if (this.sent.length === 0) return writeRandomOrder(frames, this.choices)
    const offset = frames.appendFrom(this.random.pick(this.sent), 0)
    if (this.random.onceIn(4)) frames.u8[offset + (frames.type(offset) === ORDER_PLACE ? PLACE_QUANTITY : 26)]! ^= 1
  }

  private exits(): ExitScene {
    const { choices, random } = this
    const market = choices.market()
    return { random, account: choices.account(), market, quantity: choices.quantity(market), name: (kind) => choices.name(kind) }
  }

  /** A frame that no honest writer makes: an unknown type, a wrong size, nothing to continue, bytes that are no text. */
  private broken(frames: FrameBuffer): void {
    const { choices, random } = this
    const offset = frames.length
    switch (random.below(5)) {
      case 0:
        frames.append(32, random.pick([0, COMMAND_TYPES.length, 99, 255]))
        return
      case 1:
        frames.append(random.pick([32, 40, 48, 200, 1656]), random.between(1, COMMAND_TYPES.length - 1))
        return
      case 2:
        writeContinue(frames)
        return
      case 3:
        writeRandomOrder(frames, choices)
        // A byte of the client order id that is no printable character, or follows the end of the text.
        frames.u8[offset + 56 + random.below(36)] = random.pick([7, 32, 127, 200, 65])
        return
      default:
        writeRandomTransfer(frames, choices)
        frames.u8[offset + 48 + random.below(36)] = random.pick([0, 7, 32, 127, 200, 65])
    }
  }
}

function isIdempotent(frames: FrameBuffer, offset: number): boolean {
  const type = frames.type(offset)
  if (type === ORDER_PLACE_OCO) return frames.u8[offset + OCO_FLAGS] === PLACE_IDEMPOTENT
  if (type === ORDER_PLACE_BRACKET || type === ORDER_PLACE || type === ORDER_CANCEL_REPLACE) return (frames.u8[offset + PLACE_FLAGS]! & PLACE_IDEMPOTENT) !== 0
  return type >= LEDGER_TRANSFER && type <= LEDGER_RELEASE
}
