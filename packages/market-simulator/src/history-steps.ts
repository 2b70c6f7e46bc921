/** How finely past days are traded: by the minute long ago, by fractions of a second at the end, where the live market goes on. */

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** Up to which distance from the end a step length applies. */
const LENGTHS: readonly { readonly fromEndMs: number; readonly stepMs: number; readonly rounds: number }[] = [
  { fromEndMs: 40 * SECOND_MS, stepMs: 500, rounds: 1 },
  { fromEndMs: 5 * MINUTE_MS, stepMs: 2 * SECOND_MS, rounds: 1 },
  { fromEndMs: HOUR_MS, stepMs: 15 * SECOND_MS, rounds: 1 },
  { fromEndMs: 4 * HOUR_MS, stepMs: 30 * SECOND_MS, rounds: 1 },
  { fromEndMs: 24 * HOUR_MS, stepMs: MINUTE_MS, rounds: 2 },
]
const LONG_AGO = { stepMs: MINUTE_MS, rounds: 1 }

export interface HistoryStep {
  /** Time at which the step's actions happen: its end. */
  readonly atMs: number
  readonly spanMs: number
  /** How often in the step the price moves and is traded at. */
  readonly rounds: number
}

/** Steps that fill the span from `fromMs` to `toMs` without a gap; minutes begin on the minute. */
export function* historySteps(fromMs: number, toMs: number): Generator<HistoryStep> {
  let nowMs = fromMs
  while (nowMs < toMs) {
    const { stepMs, rounds } = LENGTHS.find(({ fromEndMs }) => toMs - nowMs <= fromEndMs) ?? LONG_AGO
    const atMs = Math.min(toMs, (Math.floor(nowMs / stepMs) + 1) * stepMs)
    yield { atMs, spanMs: atMs - nowMs, rounds }
    nowMs = atMs
  }
}
