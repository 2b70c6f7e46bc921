/** Carries a request out once, however often it is sent under one key, and gives its first answer again. */
import { createHash } from 'node:crypto'
import { ClientOrderId } from '@bourse/client'
import type { IdempotentAnswers } from '@bourse/store'
import { ApiFailure } from './failures.js'

export const IDEMPOTENCY_HEADER = 'idempotency-key'
/** How long a key is remembered. */
export const IDEMPOTENCY_MS = 24 * 3_600_000
/** An attempt that has said nothing for so long is gone with its process. */
const ABANDONED_MS = 60_000
/** How long a second request waits for the first one's answer. */
const WAITS_MS = [10, 20, 40, 80, 150, 300, 600, 1_000, 2_000] as const
const PRUNE_MS = 600_000

export interface Answer {
  readonly status: number
  /** JSON; null where there is none. */
  readonly text: string | null
}

export interface KeyedWork {
  readonly userId: string
  readonly key: string
  /** What the request is: of another one under the same key nothing is carried out. */
  readonly request: { readonly method: string; readonly path: string; readonly account: string; readonly body: string }
  /** False where the answer shows a secret, which is kept nowhere. */
  readonly keepsAnswer: boolean
  /** Rejects with the refusal. */
  carryOut(): Promise<Answer>
}

export interface IdempotencyOptions {
  readonly answers: IdempotentAnswers
  now(): number
  newId(): string
  wait(ms: number): Promise<void>
  /** A refusal as it is answered; undefined for one after which the same request may succeed, or that is a fault. */
  refusal(error: unknown): Answer | undefined
}

export class IdempotentRequests {
  private prunedMs: number

  constructor(private readonly options: IdempotencyOptions) {
    this.prunedMs = options.now()
  }

  /** @throws ApiFailure 409 when the key belongs to another request, or when its first attempt does not end. */
  async once(work: KeyedWork): Promise<Answer & { readonly repeated: boolean }> {
    this.prune()
    const { answers } = this.options
    const fingerprint = digest(work.request)
    for (let attempt = 0; ; attempt++) {
      const nowMs = this.options.now()
      const result = await answers.claim({ userId: work.userId, key: work.key, fingerprint, claim: this.options.newId(), nowMs, abandonedMs: nowMs - ABANDONED_MS })
      if (result.state === 'begun') return { ...(await this.carryOut(work)), repeated: false }
      if (result.state === 'other') throw conflict('The Idempotency-Key was used for another request. Choose a new one.')
      if (result.state === 'answered') return this.again(work, result)
      const waitMs = WAITS_MS[attempt]
      if (waitMs === undefined) throw conflict('The first request under this Idempotency-Key is still being carried out. Send it again in a moment.')
      await this.options.wait(waitMs)
    }
  }

  private async carryOut({ userId, key, keepsAnswer, carryOut }: KeyedWork): Promise<Answer> {
    const { answers } = this.options
    try {
      const answer = await carryOut()
      await answers.answered({ userId, key, status: answer.status, answer: keepsAnswer ? answer.text : null })
      return answer
    } catch (error) {
      const refusal = this.options.refusal(error)
      if (refusal === undefined) await answers.forget({ userId, key })
      else await answers.answered({ userId, key, status: refusal.status, answer: refusal.text })
      throw error
    }
  }

  private again({ keepsAnswer }: KeyedWork, { status, answer }: { status: number; answer: string | null }): Answer & { readonly repeated: boolean } {
    if (!keepsAnswer && status < 400) throw conflict('This was done under the same Idempotency-Key before. Its answer is not kept, because it may show a secret.')
    return { status, text: answer, repeated: true }
  }

  private prune(): void {
    const nowMs = this.options.now()
    if (nowMs - this.prunedMs < PRUNE_MS) return
    this.prunedMs = nowMs
    // What is not removed now is removed the next time.
    this.options.answers.prune(nowMs - IDEMPOTENCY_MS).catch(() => undefined)
  }
}

/** The key of a request; undefined where it carries none. */
export function idempotencyKey(header: string | string[] | undefined): string | undefined {
  if (header === undefined) return undefined
  const key = ClientOrderId.safeParse(header)
  if (!key.success) throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'The header Idempotency-Key must be 1 to 36 printable ASCII characters without spaces, a UUID for example.', field: 'Idempotency-Key' })
  return key.data
}

function digest({ method, path, account, body }: KeyedWork['request']): string {
  return createHash('sha256').update([method, path, account, body].join('\n')).digest('base64url')
}

function conflict(message: string): ApiFailure {
  return new ApiFailure({ status: 409, code: 'conflict', message })
}
