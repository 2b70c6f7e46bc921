/** The browser's side of passkeys. */
import { browserSupportsWebAuthn, startAuthentication, startRegistration, type PublicKeyCredentialCreationOptionsJSON, type PublicKeyCredentialRequestOptionsJSON } from '@simplewebauthn/browser'
import type { PasskeyQuestion } from '@bourse/client'

export interface PasskeyReply {
  readonly ticket: string
  readonly response: object
}

/** The person closed the browser's question, or let it run out. */
export function isPasskeyCancelled(error: unknown): boolean {
  return error instanceof Error && (error.name === 'NotAllowedError' || error.name === 'AbortError')
}

export function offersPasskeys(): boolean {
  return browserSupportsWebAuthn()
}

/** Lets the person choose a passkey and unlock it. */
export async function askPasskey({ ticket, options }: PasskeyQuestion): Promise<PasskeyReply> {
  if (!isRequest(options)) throw new TypeError('The exchange asked no question that a passkey can answer.')
  return { ticket, response: await startAuthentication({ optionsJSON: options }) }
}

/** Lets the person's device make a passkey. */
export async function makePasskey({ ticket, options }: PasskeyQuestion): Promise<PasskeyReply> {
  if (!isCreation(options)) throw new TypeError('The exchange asked no question that a device can answer.')
  return { ticket, response: await startRegistration({ optionsJSON: options }) }
}

/** The browser checks the rest. */
function isRequest(options: object): options is PublicKeyCredentialRequestOptionsJSON {
  return 'challenge' in options && typeof options.challenge === 'string'
}

function isCreation(options: object): options is PublicKeyCredentialCreationOptionsJSON {
  return isRequest(options) && 'user' in options && 'rp' in options
}
