/** Passkeys (WebAuthn): keys that a device keeps for its owner, which prove both the device and the person who unlocked it. */
import type { Knex } from 'knex'
import {
  generateAuthenticationOptions, generateRegistrationOptions, verifyAuthenticationResponse, verifyRegistrationResponse,
  type AuthenticationResponseJSON, type PublicKeyCredentialCreationOptionsJSON, type PublicKeyCredentialRequestOptionsJSON, type RegistrationResponseJSON, type WebAuthnCredential,
} from '@simplewebauthn/server'
import type { OneTimeTokens, TokenPurpose } from '../one-time-tokens.js'
import type { SecurityEvent } from './security-events.js'
import type { SecurityJournal } from './security-journal.js'

type Origin = SecurityEvent['origin']

export interface Passkey {
  readonly passkeyId: string
  readonly label: string
  readonly createdMs: number
  readonly lastUsedMs: number | undefined
}

export interface PasskeysOptions {
  readonly knex: Knex
  readonly tokens: OneTimeTokens
  readonly journal: SecurityJournal
  /** The exchange's name. */
  rpName(): string
  /** Where its pages are: a passkey works nowhere else. */
  origin(): string
  now(): number
}

/** A question to a device; `ticket` comes back with its answer. */
export interface PasskeyQuestion<Options> {
  readonly ticket: string
  readonly options: Options
}

export type PasskeyFault = { readonly ok: false; readonly code: 'passkey_refused' | 'too_many_passkeys'; readonly message: string }

const MAX_PASSKEYS = 20
const REFUSED: PasskeyFault = { ok: false, code: 'passkey_refused', message: 'The passkey was not accepted: it is unknown here, or the question was answered too late. Try again.' }

interface PasskeyRow {
  credential_id: string
  user_id: string
  label: string
  public_key: string
  counter: bigint | number | string
  transports: string
  created_ms: bigint | number | string
  last_used_ms: bigint | number | string | null
}

export class Passkeys {
  constructor(private readonly options: PasskeysOptions) {}

  /** A person's passkeys, oldest first. */
  async list(userId: string): Promise<Passkey[]> {
    const rows = await this.options.knex<PasskeyRow>('passkeys').where({ user_id: userId }).orderBy('created_ms')
    return rows.map((row) => ({ passkeyId: row.credential_id, label: row.label, createdMs: Number(row.created_ms), lastUsedMs: row.last_used_ms === null ? undefined : Number(row.last_used_ms) }))
  }

  /** Asks a device of the person to make a passkey. */
  async beginAdd(user: { userId: string; email: string }): Promise<PasskeyQuestion<PublicKeyCredentialCreationOptionsJSON>> {
    const { knex, tokens, rpName } = this.options
    const rows = await knex<PasskeyRow>('passkeys').where({ user_id: user.userId })
    const options = await generateRegistrationOptions({
      rpName: rpName(),
      rpID: this.rpId(),
      userName: user.email,
      userID: new TextEncoder().encode(user.userId),
      attestationType: 'none',
      excludeCredentials: rows.map((row) => ({ id: row.credential_id })),
      authenticatorSelection: { residentKey: 'required', userVerification: 'required' },
    })
    return { ticket: await tokens.issue(knex, { purpose: 'passkey-add', userId: user.userId, content: options.challenge }), options }
  }

  /** Keeps the passkey that a device has made. */
  async add(userId: string, { ticket, response, label, origin }: { ticket: string; response: unknown; label: string; origin: Origin }): Promise<{ ok: true } | PasskeyFault> {
    const { knex, tokens, journal, now } = this.options
    const question = await tokens.take(knex, 'passkey-add', ticket)
    if (question?.userId !== userId) return REFUSED
    const made = await refusedIfThrown(() =>
      verifyRegistrationResponse({ response: response as RegistrationResponseJSON, expectedChallenge: question.content, expectedOrigin: this.options.origin(), expectedRPID: this.rpId(), requireUserVerification: true }),
    )
    if (made?.registrationInfo === undefined) return REFUSED
    const { credential } = made.registrationInfo
    if ((await this.list(userId)).length >= MAX_PASSKEYS) return { ok: false, code: 'too_many_passkeys', message: `One person may have ${MAX_PASSKEYS} passkeys. Remove one that is not used any more.` }
    const row = { credential_id: credential.id, user_id: userId, label, public_key: Buffer.from(credential.publicKey).toString('base64url'), counter: credential.counter, transports: (credential.transports ?? []).join(' '), created_ms: now(), last_used_ms: null }
    return journal.change(async (trx, note) => {
      const kept = await trx('passkeys').where({ credential_id: row.credential_id }).first('user_id')
      if (kept !== undefined) return REFUSED
      await trx('passkeys').insert(row)
      await note({ event: 'passkey.added', userId, origin, details: { label } })
      return { ok: true }
    })
  }

  async remove(userId: string, passkeyId: string, origin: Origin): Promise<boolean> {
    return this.options.journal.change(async (trx, note) => {
      const row = await trx<PasskeyRow>('passkeys').where({ user_id: userId, credential_id: passkeyId }).first()
      if (row === undefined || (await trx('passkeys').where({ user_id: userId, credential_id: passkeyId }).delete()) === 0) return false
      await note({ event: 'passkey.removed', userId, origin, details: { label: row.label } })
      return true
    })
  }

  /** Asks any device to prove itself: one of this person, or of whoever wants to log in. */
  async beginProof(userId?: string): Promise<PasskeyQuestion<PublicKeyCredentialRequestOptionsJSON>> {
    const { knex, tokens } = this.options
    const rows = userId === undefined ? [] : await knex<PasskeyRow>('passkeys').where({ user_id: userId })
    const options = await generateAuthenticationOptions({ rpID: this.rpId(), userVerification: 'required', allowCredentials: rows.map((row) => ({ id: row.credential_id })) })
    return { ticket: await tokens.issue(knex, { purpose: purposeOf(userId), content: options.challenge, ...(userId !== undefined && { userId }) }), options }
  }

  /** Checks the answer to {@link beginProof}. @returns whose passkey it is. */
  async prove({ ticket, response, userId }: { ticket: string; response: unknown; userId?: string }): Promise<{ ok: true; userId: string } | PasskeyFault> {
    const { knex, tokens, now } = this.options
    const question = await tokens.take(knex, purposeOf(userId), ticket)
    const id = typeof response === 'object' && response !== null && 'id' in response ? response.id : undefined
    if (question === undefined || question.userId !== userId || typeof id !== 'string') return REFUSED
    const row = await knex<PasskeyRow>('passkeys').where({ credential_id: id }).first()
    if (row === undefined || (userId !== undefined && row.user_id !== userId)) return REFUSED
    const credential: WebAuthnCredential = { id: row.credential_id, publicKey: new Uint8Array(Buffer.from(row.public_key, 'base64url')), counter: Number(row.counter) }
    const proof = await refusedIfThrown(() =>
      verifyAuthenticationResponse({ response: response as AuthenticationResponseJSON, expectedChallenge: question.content, expectedOrigin: this.options.origin(), expectedRPID: this.rpId(), credential, requireUserVerification: true }),
    )
    if (proof?.verified !== true) return REFUSED
    // The counter of a copied key falls behind: the library refuses it, and of two at once only one is written.
    const moved = await knex('passkeys').where({ credential_id: id, counter: row.counter }).update({ counter: proof.authenticationInfo.newCounter, last_used_ms: now() })
    return moved === 1 ? { ok: true, userId: row.user_id } : REFUSED
  }

  private rpId(): string {
    return new URL(this.options.origin()).hostname
  }
}

function purposeOf(userId: string | undefined): TokenPurpose {
  return userId === undefined ? 'passkey-log-in' : 'passkey-proof'
}

/** The library throws on every answer that does not fit; what a stranger sends is no fault of the exchange. */
async function refusedIfThrown<Result>(verify: () => Promise<Result>): Promise<Result | undefined> {
  try {
    return await verify()
  } catch {
    return undefined
  }
}
