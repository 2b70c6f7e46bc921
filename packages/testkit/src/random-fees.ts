/** Random commands about fees and the settings of accounts. */
import { NONE_16, writeAccountUpdate, writeFeesDefineTier, type FrameBuffer } from '@bourse/core'
import type { CommandScene } from './command-scene.js'
import type { SeededRandom } from './seeded-random.js'

/** A tier or an account's settings; now and then something about it is wrong. */
export function writeRandomFees(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  if (random.onceIn(2)) {
    writeFeesDefineTier(frames, {
      tier: random.pick([1, 1, 2, 2, 2, 3, 0, 255]),
      market: random.pick([NONE_16, random.pick(scene.markets).id, random.pick(scene.markets).id, 77]),
      makerFeePpm: random.pick([0, 1, 700, 500_000, 500_001, -1, -100, -300, -300, -333, -800, -500_001]),
      takerFeePpm: random.pick([0, 333, 900, 900, 1500, 333_333, 500_001, -1]),
    })
    return
  }
  const offset = writeAccountUpdate(frames, account(scene, random), { feeTier: random.pick([0, 1, 1, 2, 2, 3, 255, 9]) })
  if (random.onceIn(12)) frames.u8[offset + 32] = random.pick([0, 2, 128])
}

function account(scene: CommandScene, random: SeededRandom): number {
  return random.onceIn(15) ? random.pick([0, 1, 5000]) : random.between(2, Math.max(2, scene.accounts.length - 1))
}
