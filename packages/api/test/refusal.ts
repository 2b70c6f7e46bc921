/** Catches what a client call was refused with. */
import { ApiRequestError } from '@bourse/client'

export async function refusal(call: Promise<unknown>): Promise<ApiRequestError> {
  try {
    await call
  } catch (error) {
    if (error instanceof ApiRequestError) return error
    throw error
  }
  throw new Error('The call should have been refused.')
}
