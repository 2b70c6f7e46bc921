/** A plain WebSocket to a gateway, for tests: sends requests and waits for what it wants to see. */
import { once } from 'node:events'
import { WebSocket, type ClientOptions } from 'ws'

export interface PlainMessage {
  readonly id?: number | string | null
  readonly ok?: boolean
  readonly result?: Record<string, unknown>
  readonly snapshot?: unknown
  readonly error?: { code: string; field?: string; status: number; requestId: string }
  readonly channel?: string
  readonly gap?: boolean
  readonly data?: unknown
}

export class PlainClient {
  readonly messages: PlainMessage[] = []
  readonly closed: Promise<{ code: number; reason: string }>
  private readonly checks = new Set<() => void>()
  private ids = 0

  private constructor(readonly socket: WebSocket) {
    this.closed = once(socket, 'close').then(([code, reason]) => ({ code: Number(code), reason: String(reason) }))
    socket.on('message', (data: Buffer) => {
      this.messages.push(JSON.parse(data.toString()) as PlainMessage)
      for (const check of [...this.checks]) check()
    })
  }

  static async connect(url: string, options: ClientOptions = {}): Promise<PlainClient> {
    const client = new PlainClient(new WebSocket(`${url.replace('http', 'ws')}/api/v1/ws`, options))
    await once(client.socket, 'open')
    return client
  }

  /** Resolves with the answer, whatever it is. */
  ask(method: string, params?: unknown): Promise<PlainMessage> {
    const id = ++this.ids
    this.socket.send(JSON.stringify({ id, method, ...(params === undefined ? {} : { params }) }))
    return this.until((message) => message.id === id)
  }

  /** Resolves with the first message that fits, also one that came before. */
  until(fits: (message: PlainMessage) => boolean): Promise<PlainMessage> {
    return new Promise((resolve) => {
      const check = (): void => {
        const found = this.messages.find(fits)
        if (found === undefined) return
        this.checks.delete(check)
        resolve(found)
      }
      this.checks.add(check)
      check()
    })
  }
}
