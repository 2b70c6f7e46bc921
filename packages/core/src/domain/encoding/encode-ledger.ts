/** Encodes the commands that move money. */
import type { FrameBuffer } from '../../values/frames.js'
import type { Catalog } from '../catalog.js'
import * as frame from '../frames/command-frames.js'
import type { LedgerHold, LedgerRelease, LedgerSettle, LedgerTransfer } from '../commands/commands.js'
import { account, amount, asset, member, text } from './encode-fields.js'

export function encodeTransfer(command: LedgerTransfer, catalog: Catalog, frames: FrameBuffer): void {
  const spec = asset(catalog, command.asset, 'asset')
  frame.writeLedgerTransfer(frames, {
    requestId: text(command.requestId, 'requestId'),
    from: account(catalog, command.from, 'from'),
    to: account(catalog, command.to, 'to'),
    asset: spec.id,
    amount: amount(command.amount, spec.scale, 'amount'),
    withinFamily: within(command.within),
  })
}

export function encodeHold(command: LedgerHold, catalog: Catalog, frames: FrameBuffer): void {
  const spec = asset(catalog, command.asset, 'asset')
  frame.writeLedgerHold(frames, {
    holdId: text(command.holdId, 'holdId'),
    account: account(catalog, command.account, 'account'),
    asset: spec.id,
    amount: amount(command.amount, spec.scale, 'amount'),
  })
}

export function encodeSettle(command: LedgerSettle, catalog: Catalog, frames: FrameBuffer): void {
  frame.writeLedgerSettle(frames, text(command.holdId, 'holdId'), account(catalog, command.to, 'to'))
}

export function encodeRelease(command: LedgerRelease, frames: FrameBuffer): void {
  frame.writeLedgerRelease(frames, text(command.holdId, 'holdId'))
}

function within(value: string | undefined): boolean {
  if (value !== undefined) member(['family'], value, 'within')
  return value === 'family'
}
