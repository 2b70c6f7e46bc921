/** Lets the sockets of several interfaces listen to the same streams. */
import type { StreamMessage } from '@bourse/client'
import type { Rooms } from './rooms.js'

export class SeveralRooms implements Rooms {
  private readonly all = new Set<Rooms>()

  /** @returns the function that takes them away again. */
  add(rooms: Rooms): () => void {
    this.all.add(rooms)
    return () => void this.all.delete(rooms)
  }

  has(room: string): boolean {
    for (const rooms of this.all) if (rooms.has(room)) return true
    return false
  }

  send(room: string, message: StreamMessage): void {
    for (const rooms of this.all) if (rooms.has(room)) rooms.send(room, message)
  }
}
