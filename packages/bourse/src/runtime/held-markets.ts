/** Markets that an operator holds by hand: kept in the records, so that no start opens them, whatever the configuration says. */
import type { MarketState } from '@bourse/core'
import type { Settings } from '@bourse/store'
import { z } from 'zod'

const KEY = 'markets.held'

/** States in which a market may be held. */
export const HOLD_STATES = ['halted', 'cancel-only', 'post-only'] as const
export type HoldState = (typeof HOLD_STATES)[number]

const Held = z.record(
  z.string(),
  z.strictObject({
    state: z.enum(HOLD_STATES),
    /** What it was before, for the way back. */
    before: z.string(),
    sinceMs: z.number(),
    reason: z.string().optional(),
  }),
)
export type HeldMarkets = z.infer<typeof Held>
export type HeldMarket = HeldMarkets[string]

export async function heldMarkets(settings: Settings): Promise<HeldMarkets> {
  return Held.parse((await settings.get(KEY)) ?? {})
}

export async function holdMarket(settings: Settings, market: string, held: HeldMarket): Promise<void> {
  await settings.set(KEY, { ...(await heldMarkets(settings)), [market]: held })
}

/** Forgets a hold; returns it where there was one. */
export async function releaseMarket(settings: Settings, market: string): Promise<HeldMarket | undefined> {
  const { [market]: held, ...others } = await heldMarkets(settings)
  if (held !== undefined) await settings.set(KEY, Object.keys(others).length === 0 ? undefined : others)
  return held
}

/** Symbol and state, as the plan of a start takes them. */
export function heldStates(held: HeldMarkets): ReadonlyMap<string, MarketState> {
  return new Map(Object.entries(held).map(([market, { state }]) => [market, state]))
}
