/** One HTTP connection that stays open and costs the load's process little: a request is one write, of an answer only status and end are read. */
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'

const HEAD_END = '\r\n\r\n'
const LENGTH = /\r\ncontent-length: (\d+)/i

export class HttpConnection {
  private received: Buffer = Buffer.alloc(0)
  private answered: (status: number) => void = () => undefined
  private failed: (error: Error) => void = () => undefined

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true)
    socket.on('data', (bytes) => this.read(bytes))
    socket.on('error', (error) => this.failed(error))
    socket.on('close', () => this.failed(new Error('The server has closed the connection.')))
  }

  static async open(port: number): Promise<HttpConnection> {
    const socket = connect(port, '127.0.0.1')
    await once(socket, 'connect')
    return new HttpConnection(socket)
  }

  /** Sends JSON, with nothing else under way. @returns the status of the answer once it is whole. */
  post(path: string, headers: Readonly<Record<string, string>>, body: string): Promise<number> {
    const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`)
    this.socket.write(`POST ${path} HTTP/1.1\r\nhost: 127.0.0.1\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`)
    return new Promise((resolve, reject) => {
      this.answered = resolve
      this.failed = reject
    })
  }

  close(): void {
    this.socket.destroy()
  }

  private read(bytes: Buffer): void {
    this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes])
    const end = this.received.indexOf(HEAD_END)
    if (end < 0) return
    const head = this.received.toString('latin1', 0, end)
    const length = LENGTH.exec(head)?.[1]
    if (length === undefined) return this.failed(new Error(`The answer does not tell its length: ${head}`))
    if (this.received.length < end + HEAD_END.length + Number(length)) return
    this.received = Buffer.alloc(0)
    this.answered(Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 200'.length)))
  }
}
