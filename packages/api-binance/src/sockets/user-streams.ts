/** Private streams: who listens to which account, and the events that they get. */
import type { AccountListener, GatewayShare, PlainSocket } from '@bourse/api'
import type { OrderNotes } from '../orders/order-notes.js'
import type { Caller } from '../request/callers.js'
import { UserEvents } from './user-events.js'

/** One subscription of one connection. */
export interface UserStream {
  readonly caller: Caller
  /** Ends it; nothing is sent any more. */
  end(): void
}

export interface UserStreamOptions {
  readonly share: GatewayShare
  readonly notes: OrderNotes
  readonly caller: Caller
  readonly socket: PlainSocket
  /** The event as it stands on this kind of connection. */
  readonly wrap: (event: object) => object
  /** Told when the events begin. */
  readonly started?: () => void
}

/** Begins to send an account's events; it must be open in the engine. */
export function openUserStream({ share, notes, caller, socket, wrap, started }: UserStreamOptions): UserStream {
  const { userId } = caller.user
  let ended = false
  let events: UserEvents | undefined
  const listener: AccountListener = {
    get open() {
      return !ended && socket.open
    },
    start(snapshot) {
      events = new UserEvents(snapshot, notes, userId)
      started?.()
    },
    send(message) {
      if (ended || events === undefined || message.channel !== 'account') return
      for (const event of events.of(message.data, share.services.now())) socket.send(JSON.stringify(wrap(event)))
    },
  }
  share.streams.accounts.join(userId, listener)
  return {
    caller,
    end() {
      ended = true
      share.streams.accounts.leave(userId, listener)
    },
  }
}
