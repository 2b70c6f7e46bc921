/** Who listens to what, as the streams see it. */
import type { StreamMessage } from '@bourse/client'

/** The sockets that listen, seen as rooms. */
export interface Rooms {
  has(room: string): boolean
  send(room: string, message: StreamMessage): void
}
