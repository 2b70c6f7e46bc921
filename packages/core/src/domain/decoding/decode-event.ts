/** Reads the frames of events as objects. */
import type { FrameBuffer } from '../../values/frames.js'
import { decodeAccountOpened, decodeAccountUpdated, decodeFeeRateSet, decodeFeeTierDefined } from './decode-account.js'
import { decodeHoldPlaced, decodeHoldReleased, decodeHoldSettled, decodeTransferPosted } from './decode-ledger.js'
import { decodeAssetDefined, decodeAuctionUncrossed, decodeMarketDefined, decodeMarketReferenceSet, decodeMarketStateChanged, decodeMarketUpdated } from './decode-market.js'
import {
  decodeDeadManSwitchFired,
  decodeDeadManSwitchSet,
  decodeOrderAccepted,
  decodeOrderAmended,
  decodeOrderCancelled,
  decodeOrderExpired,
  decodeOrderFeeHeld,
  decodeOrderReduced,
  decodeOrderRefreshed,
  decodeOrderRested,
  decodeOrderTriggered,
  decodeRestedAtOnce,
} from './decode-order.js'
import { decodeQuotesFrozen, decodeQuotesProtected, decodeQuotesUnfrozen } from './decode-quotes.js'
import { decodeCommandRejected, decodeCommandRepeated, decodeStepRejected } from './decode-result.js'
import { decodeTradeExecuted } from './decode-trade.js'
import {
  ACCOUNT_OPENED,
  ACCOUNT_UPDATED,
  ASSET_DEFINED,
  AUCTION_UNCROSSED,
  COMMAND_REJECTED,
  COMMAND_REPEATED,
  DEAD_MAN_SWITCH_FIRED,
  DEAD_MAN_SWITCH_SET,
  FEE_RATE_SET,
  FEE_TIER_DEFINED,
  HOLD_PLACED,
  HOLD_RELEASED,
  HOLD_SETTLED,
  MARKET_DEFINED,
  MARKET_REFERENCE_SET,
  MARKET_STATE_CHANGED,
  MARKET_UPDATED,
  ORDER_ACCEPTED,
  ORDER_AMENDED,
  ORDER_CANCELLED,
  ORDER_EXPIRED,
  ORDER_FEE_HELD,
  ORDER_REDUCED,
  ORDER_REFRESHED,
  ORDER_RESTED,
  ORDER_TRIGGERED,
  QUOTES_FROZEN,
  QUOTES_PROTECTED,
  QUOTES_UNFROZEN,
  restedAtOnce,
  STEP_REJECTED,
  TRADE_EXECUTED,
  TRANSFER_POSTED,
} from '../frames/event-layout.js'
import { EVENT_TYPES, type Event } from '../events/events.js'

/**
 * Reads the event at `offset` as an object.
 *
 * @throws RangeError when no event stands there: frames come from the engine, so that is a broken invariant.
 */
export function decodeEvent(frames: FrameBuffer, offset: number): Event {
  switch (frames.type(offset)) {
    case ASSET_DEFINED:
      return decodeAssetDefined(frames, offset)
    case MARKET_DEFINED:
      return decodeMarketDefined(frames, offset)
    case MARKET_UPDATED:
      return decodeMarketUpdated(frames, offset)
    case ACCOUNT_OPENED:
      return decodeAccountOpened(frames, offset)
    case ORDER_ACCEPTED:
      return decodeOrderAccepted(frames, offset)
    case ORDER_RESTED:
      return decodeOrderRested(frames, offset)
    case ORDER_REFRESHED:
      return decodeOrderRefreshed(frames, offset)
    case TRADE_EXECUTED:
      return decodeTradeExecuted(frames, offset)
    case ORDER_CANCELLED:
      return decodeOrderCancelled(frames, offset)
    case ORDER_EXPIRED:
      return decodeOrderExpired(frames, offset)
    case ORDER_REDUCED:
      return decodeOrderReduced(frames, offset)
    case ORDER_AMENDED:
      return decodeOrderAmended(frames, offset)
    case ORDER_TRIGGERED:
      return decodeOrderTriggered(frames, offset)
    case TRANSFER_POSTED:
      return decodeTransferPosted(frames, offset)
    case HOLD_PLACED:
      return decodeHoldPlaced(frames, offset)
    case HOLD_SETTLED:
      return decodeHoldSettled(frames, offset)
    case HOLD_RELEASED:
      return decodeHoldReleased(frames, offset)
    case COMMAND_REJECTED:
      return decodeCommandRejected(frames, offset)
    case COMMAND_REPEATED:
      return decodeCommandRepeated(frames, offset)
    case FEE_TIER_DEFINED:
      return decodeFeeTierDefined(frames, offset)
    case FEE_RATE_SET:
      return decodeFeeRateSet(frames, offset)
    case ORDER_FEE_HELD:
      return decodeOrderFeeHeld(frames, offset)
    case ACCOUNT_UPDATED:
      return decodeAccountUpdated(frames, offset)
    case QUOTES_PROTECTED:
      return decodeQuotesProtected(frames, offset)
    case QUOTES_FROZEN:
      return decodeQuotesFrozen(frames, offset)
    case QUOTES_UNFROZEN:
      return decodeQuotesUnfrozen(frames, offset)
    case DEAD_MAN_SWITCH_SET:
      return decodeDeadManSwitchSet(frames, offset)
    case DEAD_MAN_SWITCH_FIRED:
      return decodeDeadManSwitchFired(frames, offset)
    case MARKET_REFERENCE_SET:
      return decodeMarketReferenceSet(frames, offset)
    case STEP_REJECTED:
      return decodeStepRejected(frames, offset)
    case MARKET_STATE_CHANGED:
      return decodeMarketStateChanged(frames, offset)
    case AUCTION_UNCROSSED:
      return decodeAuctionUncrossed(frames, offset)
    default:
      throw new RangeError(`No event stands at byte ${offset}: type ${frames.type(offset)}, and ${EVENT_TYPES.length - 1} types are known.`)
  }
}

/**
 * Decodes what the frame at `offset` stands for: one event, but two where an order came to rest as it was accepted.
 *
 * @returns in order.
 */
export function decodeFrame(frames: FrameBuffer, offset: number): Event[] {
  const event = decodeEvent(frames, offset)
  return restedAtOnce(frames, offset) ? [event, decodeRestedAtOnce(frames, offset)] : [event]
}

/** Decodes all events of a buffer, or those from `from` on. */
export function decodeEvents(frames: FrameBuffer, from = 0): Event[] {
  const events: Event[] = []
  for (let offset = from; offset < frames.length; offset += frames.size(offset)) events.push(...decodeFrame(frames, offset))
  return events
}
