/** Keeps a stream of the exchange running until it is no longer wanted, whatever the connection does. */
import type { ApiRequestError, BourseClient, StreamChannel, StreamListener, Subscription } from '@bourse/client'

const FIRST_RETRY_MS = 500
const LONGEST_RETRY_MS = 10_000

/** Refusals that asking again does not change. */
const FINAL_CODES = new Set(['not_logged_in', 'forbidden', 'not_found', 'unknown_market', 'invalid_request'])

export interface KeptStream {
  /** Ends the stream and starts it again: the listener gets a new snapshot. */
  restart(): void
  stop(): void
}

/**
 * Subscribes, and subscribes again when the exchange could not be reached or ended the stream.
 * Messages of a subscription that was given up are not passed on.
 */
export function keepStream<Channel extends StreamChannel>(
  client: Pick<BourseClient, 'subscribe'>,
  subscription: Extract<Subscription, { channel: Channel }>,
  listener: StreamListener<Channel>,
): KeptStream {
  let generation = 0
  let stopped = false
  let end: (() => void) | undefined
  let retry: ReturnType<typeof setTimeout> | undefined
  let delayMs = FIRST_RETRY_MS

  function start(): void {
    const mine = ++generation
    const current = (): boolean => !stopped && mine === generation
    const again = (error: unknown): void => {
      if (!current()) return
      if (FINAL_CODES.has((error as Partial<ApiRequestError>).code ?? '')) {
        listener.onEnd?.(error as ApiRequestError)
        return
      }
      retry = setTimeout(start, delayMs)
      delayMs = Math.min(delayMs * 2, LONGEST_RETRY_MS)
    }
    client
      .subscribe(subscription, {
        onSnapshot: (snapshot) => {
          if (!current()) return
          delayMs = FIRST_RETRY_MS
          listener.onSnapshot(snapshot)
        },
        onMessage: (message) => {
          if (current()) listener.onMessage(message)
        },
        onEnd: again,
      })
      .then((unsubscribe) => {
        if (current()) end = unsubscribe
        else unsubscribe()
      }, again)
  }

  function leave(): void {
    clearTimeout(retry)
    end?.()
    end = undefined
  }

  start()
  return {
    restart() {
      if (stopped) return
      leave()
      start()
    },
    stop() {
      stopped = true
      leave()
    },
  }
}
