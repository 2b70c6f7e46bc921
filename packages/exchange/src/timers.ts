/** Where the exchange's turns and pauses come from, so that a simulation can put its own time in their place. */

export interface Timers {
  /** Calls back in the next turn of the event loop, behind what has arrived already. */
  nextTurn(callback: () => void): void
  /** Calls back after a while, once; the returned function prevents that. Keeps the process alive unless told otherwise. */
  after(ms: number, callback: () => void, keepAlive?: boolean): () => void
}

export const systemTimers: Timers = {
  nextTurn: (callback) => void setImmediate(callback),
  after(ms, callback, keepAlive = true) {
    const timer = setTimeout(callback, ms)
    if (!keepAlive) timer.unref()
    return () => clearTimeout(timer)
  },
}
