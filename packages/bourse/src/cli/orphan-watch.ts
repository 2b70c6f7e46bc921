/** Notices that the script runner which started this process has gone. */

const LOOK_EVERY_MS = 500

/**
 * Calls back once when the parent of this process ends, if a script of npm, pnpm, yarn or bun started it.
 *
 * A signal to npm reaches the shell that npm runs a script in; the shell dies of it without passing it on, and
 * the program would go on alone, holding its port and its data.
 */
export function watchForOrphaning(orphaned: () => void): void {
  if (process.env['npm_lifecycle_event'] === undefined) return
  const parent = process.ppid
  const timer = setInterval(() => {
    if (process.ppid === parent) return
    clearInterval(timer)
    orphaned()
  }, LOOK_EVERY_MS)
  timer.unref()
}
