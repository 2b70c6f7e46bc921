/** What a stage of the benchmark is, and the figures that it gives. */

export interface StageOptions {
  /** Measured runs; those that warm up come before them. */
  readonly runs: number
  /** Share of the full counts, above 0 and at most 1: a small one shows that a stage works, its figures mean nothing. */
  readonly share: number
}

/** Figures of one stage; `min` and `max` tell how far the runs spread. */
export interface Figures {
  readonly unit: string
  readonly median: number
  readonly min: number
  readonly max: number
  readonly runs: number
  /** Who ran on the same stream in the same process, alternately. */
  readonly peer?: string
  readonly peerMedian?: number
  /** Own median divided by the peer's. */
  readonly ratio?: number
  /** Further figures of the same runs, their unit in their name. */
  readonly details?: Readonly<Record<string, number>>
}

/** One row of the benchmark. It runs in a process of its own, so that stages cannot spoil each other's compiled code or heap. */
export interface Stage {
  readonly name: string
  /** What is measured, in one sentence. */
  readonly about: string
  /** @throws Error when what was measured gave wrong results: its speed means nothing. */
  measure(options: StageOptions): Promise<Figures>
}
