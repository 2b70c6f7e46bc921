/** A folder of a test's own that is gone after it. */
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export async function withTemporaryFolder(test: (dataDir: string) => Promise<void>): Promise<void> {
  const dataDir = await mkdtemp(join(tmpdir(), 'bourse-contract-'))
  try {
    await test(dataDir)
  } finally {
    await rm(dataDir, { recursive: true, force: true })
  }
}

/** Waits for a promise that must reject and returns the reason. */
export async function rejection(promise: Promise<unknown>): Promise<Error> {
  const outcome = await promise.then(
    () => undefined,
    (reason: unknown) => reason,
  )
  if (outcome instanceof Error) return outcome
  throw new Error(outcome === undefined ? 'Expected a rejected promise; it resolved.' : `Expected an Error as the reason; got ${typeof outcome}.`)
}
