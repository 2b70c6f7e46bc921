/** Turns a command in names and decimal strings into its binary frame. */
import type { FrameBuffer } from '../../values/frames.js'
import type { Catalog } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { Command } from '../commands/commands.js'
import { encodeAccountOpen, encodeDefineTier, encodeSetRate, encodeUpdate } from './encode-account.js'
import { Fault, type EncodeFault } from './encode-fields.js'
import { encodeHold, encodeRelease, encodeSettle, encodeTransfer } from './encode-ledger.js'
import { encodeBracket, encodeOco } from './encode-linked.js'
import { encodeAssetDefine, encodeAuction, encodeMarketDefine, encodeMarketUpdate, encodeSetReference } from './encode-market.js'
import { encodeAmend, encodeCancel, encodeCancelAll, encodeCancelAllAfter, encodePlace, encodeReduce, encodeReplace } from './encode-order.js'
import { encodeProtect, encodeQuotes, encodeResetProtection } from './encode-quotes.js'

export type { EncodeFault } from './encode-fields.js'

/**
 * Appends the frame of a command; header sequence and timestamp stay zero until the writer stamps them.
 *
 * Looks names up and reads decimals, nothing else: what the engine can judge by itself (limits,
 * combinations, balances) is left to the engine.
 *
 * @returns undefined, or the fault, in which case nothing was appended. Never throws on user input.
 */
export function encodeCommand(command: Command, catalog: Catalog, frames: FrameBuffer): EncodeFault | undefined {
  const start = frames.length
  try {
    write(command, catalog, frames)
    return undefined
  } catch (error) {
    frames.length = start
    if (!(error instanceof Fault)) throw error
    return { code: error.code, field: error.field, message: error.message }
  }
}

function write(command: Command, catalog: Catalog, frames: FrameBuffer): void {
  switch (command.type) {
    case 'asset.define':
      return encodeAssetDefine(command, frames)
    case 'market.define':
      return encodeMarketDefine(command, catalog, frames)
    case 'market.update':
      return encodeMarketUpdate(command, catalog, frames)
    case 'market.set-reference':
      return encodeSetReference(command, catalog, frames)
    case 'market.auction':
      return encodeAuction(command, catalog, frames)
    case 'account.open':
      return encodeAccountOpen(command, catalog, frames)
    case 'order.place':
      return encodePlace(command, catalog, frames)
    case 'order.cancel':
      return encodeCancel(command, catalog, frames)
    case 'order.reduce':
      return encodeReduce(command, catalog, frames)
    case 'order.amend':
      return encodeAmend(command, catalog, frames)
    case 'order.cancel-all':
      return encodeCancelAll(command, catalog, frames)
    case 'order.cancel-replace':
      return encodeReplace(command, catalog, frames)
    case 'order.cancel-all-after':
      return encodeCancelAllAfter(command, catalog, frames)
    case 'order.place-bracket':
      return encodeBracket(command, catalog, frames)
    case 'order.place-oco':
      return encodeOco(command, catalog, frames)
    case 'quote.place':
      return encodeQuotes(command, catalog, frames)
    case 'quote.protect':
      return encodeProtect(command, catalog, frames)
    case 'quote.reset-protection':
      return encodeResetProtection(command, catalog, frames)
    case 'ledger.transfer':
      return encodeTransfer(command, catalog, frames)
    case 'ledger.hold':
      return encodeHold(command, catalog, frames)
    case 'ledger.settle':
      return encodeSettle(command, catalog, frames)
    case 'ledger.release':
      return encodeRelease(command, frames)
    case 'continue':
      frame.writeContinue(frames)
      return
    case 'fees.define-tier':
      return encodeDefineTier(command, catalog, frames)
    case 'fees.set-rate':
      return encodeSetRate(command, catalog, frames)
    case 'account.update':
      return encodeUpdate(command, catalog, frames)
    default:
      throw new Fault('unknown_command', 'type', `"${String((command as { type?: unknown }).type)}" is not a command.`)
  }
}
