/** Which path of the server speaks WebSocket, and who answers there; every other upgrade is refused at once. */
import { STATUS_CODES, type IncomingMessage, type Server as HttpServer } from 'node:http'
import type { Duplex } from 'node:stream'

/** Takes over the connection of a request that asked for an upgrade; it answers or destroys it. */
export type UpgradeHandler = (request: IncomingMessage, socket: Duplex, head: Buffer) => void

/** For a path whose owner listens to the server's upgrades itself; it asks {@link Upgrades.admits}. */
export const listensByItself: UpgradeHandler = () => undefined

/** Why an upgrade may not be now; undefined where it may. */
export type UpgradeGuard = (request: IncomingMessage) => { readonly status: number; readonly retryAfterSeconds: number | undefined } | undefined

export class Upgrades {
  private readonly handlers = new Map<string, UpgradeHandler>()
  private guard: UpgradeGuard = () => undefined

  /**
   * Gives a path and everything below it to a handler; of several that fit, the longest path decides.
   *
   * @example
   * const sockets = new WebSocketServer({ noServer: true })
   * upgrades.mount('/ws', (request, socket, head) => sockets.handleUpgrade(request, socket, head, opened))
   *
   * @param path begins with a slash, ends without one.
   * @returns the function that takes the path away again.
   * @throws Error when the path is taken, or is none.
   */
  mount(path: string, handler: UpgradeHandler): () => void {
    if (!/^\/.*[^/]$/.test(path)) throw new Error(`"${path}" is no path to mount: begin with a slash and end without one.`)
    if (this.handlers.has(path)) throw new Error(`The WebSocket path ${path} is mounted twice.`)
    this.handlers.set(path, handler)
    return () => void this.handlers.delete(path)
  }

  /** Asks first, at every upgrade, why it may not be: while the exchange starts or ends, for example. */
  guardBy(refusal: UpgradeGuard): void {
    this.guard = refusal
  }

  /** Whether the guard lets a request through, for a handler that listens to its path by itself. */
  admits(request: IncomingMessage): boolean {
    return this.guard(request) === undefined
  }

  attach(server: HttpServer): void {
    server.on('upgrade', (request, socket, head) => this.dispatch(request, socket, head))
  }

  private dispatch(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    // A connection that breaks before a handler listens would otherwise end the process.
    const broken = (): void => void socket.destroy()
    socket.on('error', broken)
    const handler = this.handlerOf(pathOf(request))
    const refusal = handler === listensByItself ? undefined : this.guard(request)
    if (refusal !== undefined) {
      socket.end(refusalText(refusal.status, refusal.retryAfterSeconds), broken)
      return
    }
    if (handler === undefined) {
      socket.end(refusalText(404), broken)
      return
    }
    handler(request, socket, head)
  }

  private handlerOf(path: string): UpgradeHandler | undefined {
    for (let end = path.length; end > 0; end = path.lastIndexOf('/', end - 1)) {
      const handler = this.handlers.get(path.slice(0, end))
      if (handler !== undefined) return handler
    }
    return undefined
  }
}

function refusalText(status: number, retryAfterSeconds?: number): string {
  const retry = retryAfterSeconds === undefined ? '' : `Retry-After: ${retryAfterSeconds}\r\n`
  return `HTTP/1.1 ${status} ${STATUS_CODES[status] ?? 'Refused'}\r\n${retry}Connection: close\r\nContent-Length: 0\r\n\r\n`
}

/** The path alone: whatever stands behind a question mark is the handler's. */
function pathOf({ url = '/' }: IncomingMessage): string {
  const query = url.indexOf('?')
  return query < 0 ? url : url.slice(0, query)
}
