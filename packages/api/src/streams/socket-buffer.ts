/** Watches how much waits to be sent on a socket, and cuts it off when its reader does not keep up. */
import type { Socket } from 'socket.io'

/** A reader that has this much unread is disconnected: after reconnecting, snapshots bring it up to date. */
export const MAX_UNREAD_BYTES = 4_000_000
/** What a packet costs beside its text. */
const PACKET_BYTES = 64

/** @param onCut told once, before the connection is destroyed. */
export function boundUnread(socket: Socket, onCut: () => void, maxBytes = MAX_UNREAD_BYTES): void {
  let waiting = 0
  let sending = 0
  let cut = false
  socket.conn.on('packetCreate', (packet: { data?: unknown }) => {
    waiting += PACKET_BYTES + (typeof packet.data === 'string' ? packet.data.length : 0)
    if (cut || waiting + sending <= maxBytes) return
    cut = true
    onCut()
    // Closing politely would wait for the reader that does not read.
    socket.request.socket.destroy()
  })
  socket.conn.on('flush', () => {
    sending += waiting
    waiting = 0
  })
  // The connection's own "drain" only says that the transport has taken the packets, not that they have left.
  socket.conn.transport.on('drain', () => {
    sending = 0
  })
}
