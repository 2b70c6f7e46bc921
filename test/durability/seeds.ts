/** Seeds and sizes of the checks of what must hold under faults: new seeds each time, unless one is given to repeat a failure. */

/** Multiplies what the checks do: 1 in `npm test`, 5 in `npm run verify`, any number by hand. */
export const SCALE = Number(process.env.BOURSE_TEST_SCALE ?? 1)

export function newSeed(): number {
  return Number(process.env.BOURSE_TEST_SEED ?? Math.floor(Math.random() * 2 ** 31))
}

/** Adds to an error what repeats it. */
export async function withSeed<T>(seed: number, where: string, action: () => Promise<T>): Promise<T> {
  try {
    return await action()
  } catch (error) {
    throw new Error(`BOURSE_TEST_SEED=${seed}, ${where}: ${error instanceof Error ? error.message : String(error)}`, { cause: error })
  }
}
