/** Takes clock, chance and locale away while code runs that must not look at them. */

/**
 * Runs the action while `Date`, `Math.random`, `Intl`, `performance` and locale-aware formatting throw.
 * Only synchronous code is watched.
 *
 * @example withoutAmbientInputs(() => engine.apply(commands, 0, events))
 */
export function withoutAmbientInputs<Result>(action: () => Result): Result {
  const restore = [
    forbid(globalThis, 'Date'),
    forbid(globalThis, 'Intl'),
    forbid(globalThis, 'performance'),
    forbid(Math, 'random'),
    forbid(Number.prototype, 'toLocaleString'),
    forbid(BigInt.prototype, 'toLocaleString'),
    forbid(String.prototype, 'localeCompare'),
    forbid(Array.prototype, 'toLocaleString'),
  ]
  try {
    return action()
  } finally {
    for (const undo of restore) undo()
  }
}

/** Makes every look at a property throw, and returns how to undo it. */
function forbid(owner: object, name: string): () => void {
  const original = Object.getOwnPropertyDescriptor(owner, name)
  if (original === undefined) throw new Error(`${name} is not there to be forbidden: this guard would guard nothing.`)
  Object.defineProperty(owner, name, {
    configurable: true,
    get() {
      throw new Error(`${name} was used where only arguments may decide.`)
    },
  })
  return () => {
    Object.defineProperty(owner, name, original)
  }
}
