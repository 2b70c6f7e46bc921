/** What the engine offers: commands in, events out, and views of what stands now. */
import type { FrameBuffer } from '../values/frames.js'
import type { ImageMemory } from '../values/memory-image.js'
import type { AccountSettings, AccountSpec, Catalog } from '../domain/catalog.js'
import type { AuctionResult } from '../matching/auction-price.js'
import type { OrderState } from '../domain/events/events.js'
import type { BookOrder } from '../domain/book-order.js'

/** An order that lives, with the times of its acceptance and of its last change. */
export interface LiveOrder extends OrderState {
  readonly createdUs: number
  readonly updatedUs: number
  /** Whether it stands in the book, waits for its stop price, or met it while its market did not trade. */
  readonly status: 'resting' | 'waiting' | 'triggered'
  /** Rates of its acceptance, in parts per million. */
  readonly makerFeePpm: number
  readonly takerFeePpm: number
  /** Held for fees in the quote asset, beside what the order holds for its price; of buys only. */
  readonly feeHeld: bigint
}

/**
 * The exchange as a pure function of its commands.
 *
 * Same commands, same events, same {@link stateHash}, on any machine. It reads no clock and draws no
 * randomness; whatever it needs stands in the command frames.
 */
export interface Engine {
  /** Sequence of the last applied command, 0 at birth. */
  readonly sequence: number
  /** Timestamp of the last applied command. */
  readonly timestampUs: number
  readonly catalog: Catalog
  /**
   * Applies the command at `offset` and appends its event frames.
   *
   * A command that must not happen appends one `command.rejected` and changes nothing else.
   *
   * @throws InvariantViolation when the sequence is not the next one, the time runs backwards, or
   * another command than `continue` arrives while there is a backlog or something is due: faults of the writer.
   */
  apply(commands: FrameBuffer, offset: number, events: FrameBuffer): void
  /**
   * Applies the commands from one offset to another, and appends their event frames: the same as {@link apply} for each
   * of them, but several times as fast where they are many.
   *
   * @returns where the first command stands that was not applied: `end`, or earlier where one left a backlog, which must
   * be continued first.
   * @throws InvariantViolation as {@link apply} does; the commands before have been applied then.
   */
  applyAll(commands: FrameBuffer, offset: number, end: number, events: FrameBuffer): number
  /** A command was not finished within its bound of events, or set a deadline that had come already: the writer must journal and apply `continue` next. */
  readonly hasBacklog: boolean
  /** The earliest deadline, microseconds; Infinity where there is none. */
  readonly nextDeadlineUs: number
  /**
   * Whether a deadline lies at or before a time: then the writer must journal and apply `continue` with that time,
   * until nothing is due and no backlog is left, before it applies another command with that time.
   */
  isDue(timestampUs: number): boolean
  /** Zeros where the account has none of the asset. */
  balance(account: number, asset: number): { available: bigint; held: bigint }
  /** What an account was opened as; undefined where there is no such account. */
  account(account: number): AccountSpec | undefined
  /** What `account.update` may change; undefined where there is no such account. */
  accountSettings(account: number): AccountSettings | undefined
  /** What an account pays in a market for an order that is accepted now, parts per million; undefined where either is not there. */
  feeRates(account: number, market: number): { makerFeePpm: number; takerFeePpm: number } | undefined
  /** The live orders of an account, by market and then by order id. */
  openOrders(account: number, market?: number): LiveOrder[]
  order(orderId: number): LiveOrder | undefined
  orderByClientOrderId(account: number, clientOrderId: string): LiveOrder | undefined
  /** Price and quantity of the best `limit` levels of each side, best first. */
  depth(market: number, limit: number): { bids: [bigint, bigint][]; asks: [bigint, bigint][] }
  /** Every order in the book of a market, best level first, by priority within it. */
  restingOrders(market: number): BookOrder[]
  /** Price units: what the price band is measured from, the last trade or what a command gave after it; 0 where there is neither. */
  referencePrice(market: number): bigint
  /** What an auction of a market would come to now: its price, what would trade, and what would be left at the price; undefined where nothing is crossed. */
  indicativeAuction(market: number): AuctionResult | undefined
  /** When the auction that was called for a market ends, microseconds; undefined where none was called. */
  auctionEndsUs(market: number): number | undefined
  /** How often a circuit breaker has halted a market since this engine was made or restored: a sign that it is time to look. */
  readonly breakerHalts: number
  /** When a market that the circuit breaker halted may be called to its auction, microseconds; undefined where the breaker did not halt it. */
  haltEndsUs(market: number): number | undefined
  /** Hash of the logical state: equal after the same commands, whether or not a snapshot lay between. */
  stateHash(): string
  /** The whole state in a form that later versions read too, for {@link restoreEngine}: takes seconds for a million orders. */
  snapshot(): Uint8Array[]
  /**
   * The whole state as it lies in memory, for {@link restoreEngine} of the same version: as quick as copying it.
   *
   * @param memory where to; the parts are overwritten by the next image that is taken into it. By default they last.
   */
  image(memory?: ImageMemory): Uint8Array[]
  /** Gets the memory for {@link image} ready, a little at each step: fresh memory takes ten times as long as the copy. */
  prepareImage(memory: ImageMemory): Iterable<void>
  /** @throws InvariantViolation saying what does not hold and where. */
  checkInvariants(): void
}
