/** For tests of refusals: waits for a promise to be rejected and gives the message. */
export async function failure(promise: Promise<unknown>): Promise<string> {
  try {
    await promise
  } catch (error) {
    return error instanceof Error ? error.message : String(error)
  }
  throw new Error('It succeeded and should not have')
}
