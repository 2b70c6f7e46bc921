/** Runs what changed at most once per animation frame, however many messages arrived in between. */

export interface FrameBatch {
  /** Runs the task in the next frame; asked for again before that, it still runs once. */
  schedule(task: () => void): void
}

/** How a batch waits for its next turn. */
export type RequestTurn = (run: () => void) => void

/** A hidden page gets no animation frames: it goes on once a second, so that the title keeps up. */
const HIDDEN_TURN_MS = 1000

export const requestFrame: RequestTurn = (run) => {
  if (document.visibilityState === 'hidden') setTimeout(run, HIDDEN_TURN_MS)
  else requestAnimationFrame(run)
}

export function createFrameBatch(requestTurn: RequestTurn = requestFrame): FrameBatch {
  let waiting = new Set<() => void>()
  return {
    schedule(task) {
      waiting.add(task)
      if (waiting.size > 1) return
      requestTurn(() => {
        const tasks = waiting
        waiting = new Set()
        for (const run of tasks) run()
      })
    },
  }
}
