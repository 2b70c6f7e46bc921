/** Random commands about fees and the settings of accounts. */
import { FREEZES, NONE_16, writeAccountUpdate, writeFeesDefineTier, writeFeesSetRate, type AccountSettings, type FrameBuffer } from '@bourse/core'
import type { CommandScene } from './command-scene.js'
import type { SeededRandom } from './seeded-random.js'

/** A tier, a rate or an account's settings; now and then something about it is wrong. */
export function writeRandomFees(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  const chance = random.below(10)
  if (chance < 3) writeRandomTier(frames, scene, random)
  else if (chance < 6) writeRandomRate(frames, scene, random)
  else {
    // Often one whose orders rest: a freeze cancels them.
    const live = random.onceIn(3) && scene.orders.length > 0 ? random.pick(scene.orders).account : undefined
    const offset = writeAccountUpdate(frames, live ?? account(scene, random), randomSettings(scene, random, live !== undefined))
    if (random.onceIn(15)) frames.u8[offset + 32] = random.pick([0, 128])
  }
}

function writeRandomTier(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  writeFeesDefineTier(frames, {
    tier: random.pick([1, 1, 2, 2, 2, 3, 0, 255]),
    market: random.pick([NONE_16, random.pick(scene.markets).id, random.pick(scene.markets).id, 77]),
    makerFeePpm: random.pick([0, 1, 700, 500_000, 500_001, -1, -100, -200, -200, -333, -800, -500_001]),
    takerFeePpm: random.pick([0, 333, 900, 900, 1500, 333_333, 500_001, -1]),
  })
}

/** What fees cost in another asset, or in the same with a discount. */
function writeRandomRate(frames: FrameBuffer, scene: CommandScene, random: SeededRandom): void {
  const asset = random.below(scene.assets.length)
  const feeAsset = random.onceIn(2) ? asset : random.below(scene.assets.length)
  writeFeesSetRate(frames, {
    asset: random.onceIn(25) ? 60 : asset,
    feeAsset: random.onceIn(25) ? 61 : feeAsset,
    feeAssetAmount: feeAsset === asset && !random.onceIn(15) ? 7n : random.pick([0n, 1n, 7n, 3_000n, 10n ** 12n, -1n]),
    assetAmount: feeAsset === asset ? 7n : random.pick([1n, 3n, 1_000n, 10n ** 9n, 0n]),
    discountPpm: random.pick([0, 0, 100_000, 250_000, 250_000, 1_000_000, 1_000_001]),
  })
}

function randomSettings(scene: CommandScene, random: SeededRandom, hasOrders: boolean): Partial<AccountSettings> & { keepOrders?: boolean } {
  const settings: { -readonly [Key in keyof AccountSettings]?: AccountSettings[Key] } & { keepOrders?: boolean } = {}
  // Mostly thawed again, or nobody would trade in the end.
  if (random.onceIn(2)) {
    settings.frozen = random.pick(hasOrders ? ['trading', ...FREEZES] : ['none', 'none', 'none', 'none', 'none', 'none', 'none', ...FREEZES])
    settings.keepOrders = random.onceIn(4)
  }
  if (random.onceIn(3)) settings.feeTier = random.pick([0, 1, 1, 2, 2, 3, 255, 9])
  if (random.onceIn(2)) settings.feeAsset = random.pick([undefined, 60, ...scene.assets.map(({ id }) => id)])
  if (random.onceIn(3)) {
    settings.referrer = random.onceIn(4) ? undefined : random.pick([account(scene, random), 2, 3, 4])
    settings.referralPpm = settings.referrer === undefined ? random.pick([0, 0, 5]) : random.pick([0, 1, 200_000, 200_000, 500_000, 1_000_000, 1_000_001])
  }
  return settings
}

function account(scene: CommandScene, random: SeededRandom): number {
  return random.onceIn(15) ? random.pick([0, 1, 5000]) : random.between(2, Math.max(2, scene.accounts.length - 1))
}
