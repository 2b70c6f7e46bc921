/** Lets the `exchange` command speak with a running exchange: a local socket in the data directory that only its owner may open. */
import { chmod, rm } from 'node:fs/promises'
import { createServer, type Server, type Socket } from 'node:net'
import { createInterface } from 'node:readline'
import { ControlRequest, type ControlLine } from './control-protocol.js'

/** Carries out one request; progress goes out as it comes, and the signal fires when the asker has gone. */
export type ControlHandler = (request: ControlRequest, progress: (value: unknown) => void, signal: AbortSignal) => Promise<unknown>

export interface ControlServer {
  close(): Promise<void>
}

const MAX_REQUEST_BYTES = 65_536

/** Listens; call it only while holding the lock of the data directory, since it takes over a socket that a killed process left. */
export async function startControlServer(socketPath: string, handle: ControlHandler): Promise<ControlServer> {
  if (process.platform !== 'win32') await rm(socketPath, { force: true })
  const sockets = new Set<Socket>()
  const server = createServer((socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
    void serve(socket, handle)
  })
  await listen(server, socketPath)
  if (process.platform !== 'win32') await chmod(socketPath, 0o600)
  return {
    close: async () => {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()))
      for (const socket of sockets) socket.destroy()
      await closed
    },
  }
}

function listen(server: Server, socketPath: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(socketPath, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function serve(socket: Socket, handle: ControlHandler): Promise<void> {
  const gone = new AbortController()
  socket.on('close', () => gone.abort())
  socket.on('error', () => gone.abort())
  const send = (line: ControlLine): void => {
    if (!socket.destroyed) socket.write(`${JSON.stringify(line)}\n`)
  }
  try {
    const request = ControlRequest.safeParse(JSON.parse(await firstLine(socket)))
    if (!request.success) throw new Error('The running exchange does not understand this command. Restart it after an upgrade.')
    send({ result: await handle(request.data, (value) => send({ progress: value }), gone.signal) })
  } catch (error) {
    send({ error: error instanceof Error ? error.message : String(error) })
  }
  socket.end()
}

function firstLine(socket: Socket): Promise<string> {
  return new Promise((resolve, reject) => {
    let received = 0
    socket.on('data', (chunk: Buffer) => {
      received += chunk.length
      if (received > MAX_REQUEST_BYTES) socket.destroy(new Error('The request is too long.'))
    })
    createInterface({ input: socket }).once('line', resolve)
    socket.once('close', () => reject(new Error('The connection ended before a command came.')))
  })
}
