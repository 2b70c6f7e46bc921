/**
 * A second engine, slow and plain, that must do exactly what the fast one does.
 *
 * It shares with it the values and the domain (frames, words, codes) and nothing of matching, ledger
 * or engine: where the two agree, they agree by the rules.
 */
import { LEG_CLIENT_ORDER_ID, OCO_TAKE_PROFIT, REFERENCE_CLIENT_ORDER_ID, PLACE_CLIENT_ORDER_ID, type CommandType, type Event, type FrameBuffer, type RejectCode } from '@bourse/core'
import { FrameReader } from './frame-reader.js'
import { callAuction } from './naive-auction.js'
import { cancelAll, continueBacklog, hasWork } from './naive-backlog.js'
import { amendOrder } from './naive-amend.js'
import { cancelOrder, reduceOrder } from './naive-change.js'
import { nextDeadline, setDeadManSwitch } from './naive-deadlines.js'
import { defineAsset, defineMarket, openAccount, setReference, updateMarket } from './naive-define.js'
import { defineFeeTier, setFeeRate, updateAccount } from './naive-fees.js'
import { placeHold, releaseHold, settleHold, transfer } from './naive-money.js'
import { placeBracket } from './naive-bracket.js'
import { placeOco } from './naive-linked.js'
import { placeOrder } from './naive-place.js'
import { freezeReached, protectQuotes, resetProtection } from './naive-protection.js'
import { placeQuotes } from './naive-quotes.js'
import { cancelReplace } from './naive-replace.js'
import { createNaiveState, NaiveRun, type NaiveLimits, type NaiveState } from './naive-state.js'

/** Carries a command out, or says why not, in which case it has changed nothing. */
type Handler = (run: NaiveRun) => RejectCode | undefined

const HANDLERS: Readonly<Record<CommandType, Handler>> = {
  'asset.define': defineAsset,
  'market.define': defineMarket,
  'market.update': updateMarket,
  'account.open': openAccount,
  'order.place': (run) => placeOrder(run),
  'order.place-special': (run) => placeOrder(run),
  'order.place-bracket': placeBracket,
  'order.place-oco': placeOco,
  'order.cancel': cancelOrder,
  'order.reduce': reduceOrder,
  'order.amend': amendOrder,
  'order.cancel-all': cancelAll,
  'order.cancel-all-after': setDeadManSwitch,
  'order.cancel-replace': cancelReplace,
  'ledger.transfer': transfer,
  'ledger.hold': placeHold,
  'ledger.settle': settleHold,
  'ledger.release': releaseHold,
  continue: continueBacklog,
  'fees.define-tier': defineFeeTier,
  'account.update': updateAccount,
  'fees.set-rate': setFeeRate,
  'quote.place': placeQuotes,
  'market.set-reference': setReference,
  'quote.protect': protectQuotes,
  'quote.reset-protection': resetProtection,
  'market.auction': callAuction,
}

export class NaiveEngine {
  readonly state: NaiveState

  constructor(limits: NaiveLimits) {
    this.state = createNaiveState(limits)
  }

  get hasBacklog(): boolean {
    return hasWork(this.state) || this.isDue(this.state.timestampUs)
  }

  get nextDeadlineUs(): number {
    return nextDeadline(this.state)
  }

  isDue(timestampUs: number): boolean {
    return this.nextDeadlineUs <= timestampUs
  }

  /** Applies the command at `offset` and returns its events. */
  apply(commands: FrameBuffer, offset: number): readonly Event[] {
    const frame = new FrameReader(commands, offset)
    const run = new NaiveRun(this.state, frame)
    this.state.sequence = frame.sequence
    this.state.timestampUs = frame.timestampUs
    const code = this.carryOut(run)
    if (code !== undefined) emitReject(run, code)
    freezeReached(run)
    return run.events
  }

  private carryOut(run: NaiveRun): RejectCode | undefined {
    const { frame } = run
    if (frame.command === 'none') return 'unknown_command'
    if (!frame.hasRightSize) return 'malformed_frame'
    return HANDLERS[frame.command](run)
  }
}

function emitReject(run: NaiveRun, code: RejectCode): void {
  const { state, frame } = run
  const { command } = frame
  run.emit({
    type: 'command.rejected',
    code,
    command,
    account: run.namedAccount,
    market: frame.namesMarket && state.markets[frame.market] !== undefined ? frame.market : undefined,
    clientOrderId: frame.hasRightSize ? (nameIn(frame) ?? '') : '',
  })
}

/** The client order id that a command carries; undefined where it is no text. */
function nameIn(frame: FrameReader): string | undefined {
  switch (frame.command) {
    case 'order.place':
    case 'order.place-bracket':
    case 'order.place-special':
    case 'order.cancel-replace':
      return frame.text(PLACE_CLIENT_ORDER_ID)
    case 'order.place-oco':
      return frame.text(OCO_TAKE_PROFIT + LEG_CLIENT_ORDER_ID)
    case 'order.cancel':
    case 'order.reduce':
    case 'order.amend':
      return frame.text(REFERENCE_CLIENT_ORDER_ID)
    default:
      return ''
  }
}
