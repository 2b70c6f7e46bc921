/** The deterministic engine: takes command frames, gives event frames. */
import type { FrameBuffer } from '../values/frames.js'
import { isImage, type ImageMemory } from '../values/memory-image.js'
import { wordsOfText } from '../values/text-words.js'
import type { AccountSettings, AccountSpec, Catalog } from '../domain/catalog.js'
import * as command from '../domain/frames/command-frames.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES } from '../domain/vocabulary.js'
import { auctionResult, type AuctionResult } from '../matching/auction-price.js'
import { referencePrice } from '../matching/price-band.js'
import { NEXT_DEADLINE, REACHED_PROTECTIONS, SEQUENCE, TIMESTAMP } from '../matching/registers.js'
import { continueBacklog, hasWork } from './backlog.js'
import { cancelAll } from './cancel-all.js'
import { cancelReplace } from './cancel-replace.js'
import { setDeadManSwitch } from './dead-man-switch.js'
import { amendOrder } from './amend-order.js'
import { cancelOrder, reduceOrder } from './change-order.js'
import { defineAsset, defineMarket, openAccount, setReference, updateMarket } from './define.js'
import { defineFeeTier, setFeeRate } from './define-fees.js'
import { imageOf, prepareImage, stateOfImage } from './engine-image.js'
import type { BookOrder } from '../domain/book-order.js'
import type { Engine, LiveOrder } from './engine.js'
import { InvariantViolation } from './invariant-violation.js'
import { checkInvariants } from './invariants.js'
import { Kernel } from './kernel.js'
import { DEFAULT_LIMITS, type EngineLimits } from './limits.js'
import { callAuction } from './auctions.js'
import { auctionEndUs, haltEndUs } from './market-states.js'
import { placeHold, releaseHold, settleHold, transfer } from './move-money.js'
import { placeBracket } from './place-bracket.js'
import { placeOco } from './place-oco.js'
import { placeOrder } from './place-order.js'
import { placeSpecial } from './place-special.js'
import { freezeQuotes, protectQuotes, resetProtection } from './protect-quotes.js'
import { placeQuotes } from './quotes.js'
import { reject } from './reject.js'
import { restoreState } from './restore-state.js'
import { EngineState } from './state.js'
import { hashParts, stateParts } from './state-parts.js'
import { updateAccount } from './update-account.js'
import { depth, liveOrder, openOrders, restingOrders } from './views.js'

const { CONTINUE, ORDER_CANCEL, ORDER_PLACE } = command
const COMMAND_BYTES = Uint16Array.from(command.COMMAND_BYTES)

/**
 * Makes an engine that knows only the accounts `world` and `fees`.
 *
 * @param roomBytes how far its rows grow before they need other memory; what is not used costs nothing but addresses.
 */
export function createEngine(limits: Partial<EngineLimits> = {}, roomBytes = 0): Engine {
  const state = new EngineState({ ...DEFAULT_LIMITS, ...limits })
  state.memory.reserve(roomBytes / 8)
  state.accounts.openBirthAccounts()
  return new CommandEngine(state)
}

/**
 * Makes an engine as it was when {@link Engine.snapshot} or {@link Engine.image} gave the parts. Those of an image
 * become the engine's own memory: they must not be used for anything else.
 *
 * @throws RangeError when the parts are neither, or an image of another version of this program.
 */
export function restoreEngine(parts: readonly Uint8Array[]): Engine {
  return new CommandEngine(isImage(parts) ? stateOfImage(parts) : restoreState(parts))
}

export class CommandEngine implements Engine {
  constructor(
    private readonly state: EngineState,
    private readonly kernel = new Kernel(state),
  ) {}

  get sequence(): number {
    return this.state.sequence
  }

  get timestampUs(): number {
    return this.state.timestampUs
  }

  get catalog(): Catalog {
    return this.state.catalog
  }

  get hasBacklog(): boolean {
    const { f64 } = this.state.memory
    return hasWork(this.state) || f64[NEXT_DEADLINE]! <= f64[TIMESTAMP]!
  }

  get nextDeadlineUs(): number {
    return this.state.memory.f64[NEXT_DEADLINE]!
  }

  isDue(timestampUs: number): boolean {
    return this.state.memory.f64[NEXT_DEADLINE]! <= timestampUs
  }

  apply(commands: FrameBuffer, offset: number, events: FrameBuffer): void {
    const { state } = this
    const { memory } = state
    const word = offset >> 3
    const sequence = commands.f64[word + 1]!
    const timestampUs = commands.f64[word + 2]!
    const size = commands.u32[word * 2]! & 0xffff
    const type = (commands.u32[word * 2]! >>> 16) & 0xff
    state.makeRoom()
    const { f64 } = memory
    const follows = sequence === f64[SEQUENCE]! + 1 && timestampUs >= f64[TIMESTAMP]!
    if (!follows || (type !== CONTINUE && (hasWork(state) || f64[NEXT_DEADLINE]! <= timestampUs))) throw outOfTurn(state, sequence, timestampUs)
    f64[SEQUENCE] = sequence
    f64[TIMESTAMP] = timestampUs
    state.out.index = 0
    state.out.examined = events.length
    if (state.out.frames !== events) state.out.frames = events
    if (type === 0 || type >= COMMAND_BYTES.length) reject(state, commands, offset, 'unknown_command')
    else if (size !== COMMAND_BYTES[type] && !command.isCommandSize(type, size)) reject(state, commands, offset, 'malformed_frame')
    else if (type === ORDER_PLACE) placeOrder(state, commands, offset)
    else if (type === ORDER_CANCEL) cancelOrder(state, commands, offset)
    else dispatch(state, commands, offset, type)
    if (memory.f64[REACHED_PROTECTIONS]! !== 0) freezeQuotes(state)
  }

  applyAll(commands: FrameBuffer, offset: number, end: number, events: FrameBuffer): number {
    return this.kernel.applyAll(commands, offset, end, { events, others: this })
  }

  balance(account: number, asset: number): { available: bigint; held: bigint } {
    const row = this.state.balances.find(account, asset)
    return { available: this.state.balances.available(row), held: this.state.balances.held(row) }
  }

  account(account: number): AccountSpec | undefined {
    const { accounts, catalog } = this.state
    const name = catalog.accountName(account)
    if (name === undefined) return undefined
    const [kind, purpose] = [ACCOUNT_KINDS[accounts.kind(account)]!, ACCOUNT_PURPOSES[accounts.purpose(account)]!]
    return { id: account, name, kind, purpose, group: accounts.groupName(account), parent: accounts.parent(account) }
  }

  accountSettings(account: number): AccountSettings | undefined {
    return this.state.catalog.accountName(account) === undefined ? undefined : this.state.accounts.settings(account)
  }

  feeRates(account: number, market: number): { makerFeePpm: number; takerFeePpm: number } | undefined {
    const { catalog, accounts, tiers, schedules } = this.state
    const spec = catalog.market(market)
    if (spec === undefined || catalog.accountName(account) === undefined) return undefined
    const schedule = tiers.schedule(accounts.settings(account).feeTier, market)
    const { makerFeePpm, takerFeePpm } = spec
    return schedule === 0 ? { makerFeePpm, takerFeePpm } : { makerFeePpm: schedules.makerPpm(schedule), takerFeePpm: schedules.takerPpm(schedule) }
  }

  openOrders(account: number, market?: number): LiveOrder[] {
    return openOrders(this.state, account, market)
  }

  order(orderId: number): LiveOrder | undefined {
    const row = this.state.ids.find(orderId)
    return row === 0 ? undefined : liveOrder(this.state, row)
  }

  orderByClientOrderId(account: number, clientOrderId: string): LiveOrder | undefined {
    const words = wordsOfText(clientOrderId)
    const row = words === undefined ? 0 : this.state.names.find(account, words, 0)
    return row === 0 ? undefined : liveOrder(this.state, row)
  }

  depth(market: number, limit: number): { bids: [bigint, bigint][]; asks: [bigint, bigint][] } {
    return depth(this.state, market, limit)
  }

  restingOrders(market: number): BookOrder[] {
    return restingOrders(this.state, market)
  }

  referencePrice(market: number): bigint {
    const row = this.state.markets.rows[market]
    return row === undefined ? 0n : BigInt(referencePrice(this.state.memory, row))
  }

  indicativeAuction(market: number): AuctionResult | undefined {
    const { books, markets, memory } = this.state
    const row = markets.rows[market]
    return row === undefined ? undefined : auctionResult(memory, books, row, referencePrice(memory, row))
  }

  auctionEndsUs(market: number): number | undefined {
    const row = this.state.markets.rows[market]
    return (row === undefined ? 0 : auctionEndUs(this.state, row)) || undefined
  }

  get breakerHalts(): number {
    return this.state.breakerHalts
  }

  haltEndsUs(market: number): number | undefined {
    const row = this.state.markets.rows[market]
    return (row === undefined ? 0 : haltEndUs(this.state, row)) || undefined
  }

  stateHash(): string {
    return hashParts(stateParts(this.state))
  }

  snapshot(): Uint8Array[] {
    return stateParts(this.state)
  }

  image(memory?: ImageMemory): Uint8Array[] {
    return imageOf(this.state, memory)
  }

  prepareImage(memory: ImageMemory): Iterable<void> {
    return prepareImage(this.state, memory)
  }

  checkInvariants(): void {
    checkInvariants(this.state)
  }
}

/** Why a command must not come now: a fault of the writer. */
function outOfTurn(state: EngineState, sequence: number, timestampUs: number): InvariantViolation {
  if (sequence !== state.sequence + 1) return new InvariantViolation(`Command ${sequence} came after command ${state.sequence}.`)
  if (!(timestampUs >= state.timestampUs)) return new InvariantViolation(`Command ${sequence} bears the time ${timestampUs}, which is before ${state.timestampUs}.`)
  if (hasWork(state)) return new InvariantViolation(`Command ${sequence} came while the previous one still had to be continued.`)
  return new InvariantViolation(`Command ${sequence} bears the time ${timestampUs}, but the deadline at ${state.memory.f64[NEXT_DEADLINE]} has not fired yet.`)
}

/** All commands but the two most frequent. */
function dispatch(state: EngineState, commands: FrameBuffer, offset: number, type: number): void {
  switch (type) {
    case command.ORDER_PLACE_SPECIAL:
      return placeSpecial(state, commands, offset)
    case command.ORDER_PLACE_BRACKET:
      return placeBracket(state, commands, offset)
    case command.ORDER_PLACE_OCO:
      return placeOco(state, commands, offset)
    case command.ORDER_REDUCE:
      return reduceOrder(state, commands, offset)
    case command.ORDER_AMEND:
      return amendOrder(state, commands, offset)
    case command.ORDER_CANCEL_ALL:
      return cancelAll(state, commands, offset)
    case command.ORDER_CANCEL_REPLACE:
      return cancelReplace(state, commands, offset)
    case command.ORDER_CANCEL_ALL_AFTER:
      return setDeadManSwitch(state, commands, offset)
    case command.QUOTE_PLACE:
      return placeQuotes(state, commands, offset)
    case command.QUOTE_PROTECT:
      return protectQuotes(state, commands, offset)
    case command.QUOTE_RESET_PROTECTION:
      return resetProtection(state, commands, offset)
    case command.CONTINUE:
      return continueBacklog(state, commands, offset)
    case command.LEDGER_TRANSFER:
      return transfer(state, commands, offset)
    case command.LEDGER_HOLD:
      return placeHold(state, commands, offset)
    case command.LEDGER_SETTLE:
      return settleHold(state, commands, offset)
    case command.LEDGER_RELEASE:
      return releaseHold(state, commands, offset)
    case command.ACCOUNT_OPEN:
      return openAccount(state, commands, offset)
    case command.ASSET_DEFINE:
      return defineAsset(state, commands, offset)
    case command.MARKET_DEFINE:
      return defineMarket(state, commands, offset)
    case command.MARKET_UPDATE:
      return updateMarket(state, commands, offset)
    case command.FEES_DEFINE_TIER:
      return defineFeeTier(state, commands, offset)
    case command.FEES_SET_RATE:
      return setFeeRate(state, commands, offset)
    case command.ACCOUNT_UPDATE:
      return updateAccount(state, commands, offset)
    case command.MARKET_AUCTION:
      return callAuction(state, commands, offset)
    case command.MARKET_SET_REFERENCE:
      return setReference(state, commands, offset)
  }
}
