/** Random transfers and holds: amounts from nothing to more than there is. */
import { MAX_AMOUNT, writeLedgerHold, writeLedgerTransfer, type FrameBuffer } from '@bourse/core'
import type { RandomChoices } from './random-choices.js'

/** Moves money between accounts, half of it from the world. */
export function writeRandomTransfer(frames: FrameBuffer, choices: RandomChoices): void {
  const { random } = choices
  const asset = random.onceIn(20) ? 60 : random.below(choices.scene.assets.length)
  const from = random.onceIn(2) ? 0 : choices.account()
  const amount = random.pick([1n, 1000n, 10n ** 8n, 10n ** 8n, 0n, -5n, 10n ** 17n, MAX_AMOUNT, MAX_AMOUNT - 1n])
  writeLedgerTransfer(frames, { requestId: choices.name('request'), from, to: choices.account(), asset, amount, withinFamily: random.onceIn(12) })
}

/** Sets money aside under a new name, or one that is taken or over. */
export function writeRandomHold(frames: FrameBuffer, choices: RandomChoices): void {
  const { random } = choices
  const asset = random.onceIn(20) ? 60 : random.below(choices.scene.assets.length)
  const { endedHolds } = choices.scene
  const holdId = random.onceIn(3) ? choices.holdId() : random.onceIn(4) && endedHolds.length > 0 ? random.pick(endedHolds) : choices.name('hold')
  writeLedgerHold(frames, { holdId, account: choices.account(), asset, amount: random.pick([1n, 500n, 10n ** 7n, 0n, -1n, 10n ** 17n, MAX_AMOUNT]) })
}
