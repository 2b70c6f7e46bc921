/** Many readers of public streams, who count what reaches them. */
import { once } from 'node:events'
import { WebSocket } from 'ws'
import { serveLoad } from './load-process.js'

export type FanLoadRequest =
  /** Opens so many sockets; each sends the messages and waits for an answer to each. */
  | { readonly kind: 'open'; readonly url: string; readonly sockets: number; readonly messages: readonly string[] }
  /** Answered once so many messages in all have arrived since the sockets were opened. */
  | { readonly kind: 'until'; readonly messages: number }
  | { readonly kind: 'close' }

/** Sockets that connect at the same time. */
const AT_ONCE = 50

let sockets: WebSocket[] = []
let received = 0
let wanted = Infinity
let reached: () => void = () => undefined

serveLoad<FanLoadRequest, undefined>(async (request) => {
  switch (request.kind) {
    case 'open':
      sockets = []
      while (sockets.length < request.sockets) sockets.push(...(await Promise.all(Array.from({ length: Math.min(AT_ONCE, request.sockets - sockets.length) }, () => open(request)))))
      received = 0
      return undefined
    case 'until':
      wanted = request.messages
      if (received < wanted) await new Promise<void>((resolve) => (reached = resolve))
      wanted = Infinity
      return undefined
    case 'close':
      for (const socket of sockets.splice(0)) socket.terminate()
      return undefined
  }
})

async function open({ url, messages }: FanLoadRequest & { kind: 'open' }): Promise<WebSocket> {
  const socket = new WebSocket(url, { perMessageDeflate: false })
  await once(socket, 'open')
  for (const message of messages) {
    socket.send(message)
    const [answer] = (await once(socket, 'message')) as [Buffer]
    // A reader who was refused would be waited for for ever.
    if (!(JSON.parse(answer.toString()) as { ok: boolean }).ok) throw new Error(`A subscription was refused: ${answer.toString()}`)
  }
  socket.on('message', () => {
    received++
    if (received >= wanted) reached()
  })
  return socket
}
