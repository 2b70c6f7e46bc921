/** How finely past days are traded: by the minute long ago, by fractions of a second at the end, where the live market goes on. */

const SECOND_MS = 1_000
const MINUTE_MS = 60_000
const HOUR_MS = 3_600_000

/** Up to which distance from the end a step length applies. */
const LENGTHS: readonly { readonly fromEndMs: number; readonly stepMs: number }[] = [
  { fromEndMs: 40 * SECOND_MS, stepMs: 500 },
  { fromEndMs: 5 * MINUTE_MS, stepMs: 2 * SECOND_MS },
  { fromEndMs: HOUR_MS, stepMs: 15 * SECOND_MS },
  { fromEndMs: 4 * HOUR_MS, stepMs: 30 * SECOND_MS },
]

export interface HistoryStep {
  /** Time at which the step's actions happen: its end. */
  readonly atMs: number
  readonly spanMs: number
}

/** Steps that fill the span from `fromMs` to `toMs` without a gap; minutes begin on the minute. */
export function* historySteps(fromMs: number, toMs: number): Generator<HistoryStep> {
  let nowMs = fromMs
  while (nowMs < toMs) {
    const stepMs = LENGTHS.find(({ fromEndMs }) => toMs - nowMs <= fromEndMs)?.stepMs ?? MINUTE_MS
    const atMs = Math.min(toMs, (Math.floor(nowMs / stepMs) + 1) * stepMs)
    yield { atMs, spanMs: atMs - nowMs }
    nowMs = atMs
  }
}
