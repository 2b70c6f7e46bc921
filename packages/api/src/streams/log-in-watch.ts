/** Notices log-ins that another process has ended, so that their open sockets are cut within a second wherever that happened. */
import type { ApiKeys, Identity, SessionEnd } from '@bourse/identity'
import type { Admitted } from '../http/admission.js'
import type { Log } from '../log.js'

export interface LogInWatchOptions {
  readonly identity: Pick<Identity, 'endGone'>
  readonly apiKeys: Pick<ApiKeys, 'endGone'>
  /** Who has a socket open, once or more. */
  open(): Iterable<Pick<Admitted, 'session' | 'apiKey'>>
  readonly log: Log
}

const LOOK_MS = 500
/** Databases bound how many values one question may carry. */
const AT_ONCE = 1_000

/** Looks twice a second; returns the function that ends that. */
export function watchLogIns({ identity, apiKeys, open, log }: LogInWatchOptions): () => void {
  let looking = false
  const look = async (): Promise<void> => {
    const sessions = new Map<string, SessionEnd>()
    const keys = new Set<string>()
    for (const { session, apiKey } of open()) {
      if (session !== undefined) sessions.set(session.sessionId, { sessionId: session.sessionId, userId: session.user.userId })
      if (apiKey !== undefined) keys.add(apiKey.key)
    }
    for (const some of chunks([...sessions.values()])) await identity.endGone(some)
    for (const some of chunks([...keys])) await apiKeys.endGone(some)
  }
  const timer = setInterval(() => {
    if (looking) return
    looking = true
    look()
      .catch((error: unknown) => log.error('Ended log-ins could not be looked for', { error: String(error) }))
      .finally(() => {
        looking = false
      })
  }, LOOK_MS)
  timer.unref()
  return () => clearInterval(timer)
}

function chunks<Item>(items: readonly Item[]): Item[][] {
  return Array.from({ length: Math.ceil(items.length / AT_ONCE) }, (_, index) => items.slice(index * AT_ONCE, (index + 1) * AT_ONCE))
}
