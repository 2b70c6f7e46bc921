/** A device that keeps passkeys, in software: what a browser would return, for tests without one. */
import { isoCBOR } from '@simplewebauthn/server/helpers'
import { createHash, generateKeyPairSync, randomBytes, sign, type KeyObject } from 'node:crypto'

const USER_PRESENT = 0x01
const USER_VERIFIED = 0x04
const HAS_CREDENTIAL = 0x40

export interface AuthenticatorOptions {
  /** Where the browser believes to be. */
  readonly origin: string
}

export class SoftwareAuthenticator {
  readonly credentialId = randomBytes(16)
  /** Counts uses; a copy of the device would fall behind. */
  counter = 0
  private readonly privateKey: KeyObject
  private readonly publicKey: KeyObject

  constructor(private readonly options: AuthenticatorOptions) {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    this.privateKey = pair.privateKey
    this.publicKey = pair.publicKey
  }

  /** Answers a question to make a passkey. */
  create(question: { challenge: string }): object {
    const { x = '', y = '' } = this.publicKey.export({ format: 'jwk' })
    // COSE: an EC2 key (1: 2) for ES256 (3: -7) on P-256 (-1: 1).
    const coseKey = isoCBOR.encode(new Map<number, number | Uint8Array>([[1, 2], [3, -7], [-1, 1], [-2, new Uint8Array(Buffer.from(x, 'base64url'))], [-3, new Uint8Array(Buffer.from(y, 'base64url'))]]))
    const length = Buffer.alloc(2)
    length.writeUInt16BE(this.credentialId.length)
    const authData = Buffer.concat([this.head(USER_PRESENT | USER_VERIFIED | HAS_CREDENTIAL), Buffer.alloc(16), length, this.credentialId, coseKey])
    const attestation = isoCBOR.encode(new Map<string, string | Uint8Array | Map<string, never>>([['fmt', 'none'], ['attStmt', new Map<string, never>()], ['authData', new Uint8Array(authData)]]))
    return this.credential({ clientDataJSON: this.clientData('webauthn.create', question).toString('base64url'), attestationObject: Buffer.from(attestation).toString('base64url'), transports: ['internal'] })
  }

  /** Answers a question to prove a passkey. */
  get(question: { challenge: string }, flags = USER_PRESENT | USER_VERIFIED): object {
    this.counter++
    const clientData = this.clientData('webauthn.get', question)
    const authData = this.head(flags)
    const signature = sign('sha256', Buffer.concat([authData, createHash('sha256').update(clientData).digest()]), this.privateKey)
    return this.credential({ clientDataJSON: clientData.toString('base64url'), authenticatorData: authData.toString('base64url'), signature: signature.toString('base64url') })
  }

  /** The same without the person having unlocked the device. */
  getUnverified(question: { challenge: string }): object {
    return this.get(question, USER_PRESENT)
  }

  private head(flags: number): Buffer {
    const counter = Buffer.alloc(4)
    counter.writeUInt32BE(this.counter)
    const rpIdHash = createHash('sha256').update(new URL(this.options.origin).hostname).digest()
    return Buffer.concat([rpIdHash, Buffer.from([flags]), counter])
  }

  private clientData(type: string, { challenge }: { challenge: string }): Buffer {
    return Buffer.from(JSON.stringify({ type, challenge, origin: this.options.origin, crossOrigin: false }))
  }

  private credential(response: object): object {
    const id = this.credentialId.toString('base64url')
    return { id, rawId: id, type: 'public-key', response, clientExtensionResults: {} }
  }
}
