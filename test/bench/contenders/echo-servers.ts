/** The baselines of the gateway: servers that parse a JSON message and send it back, and do nothing else. */
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import express from 'express'
import { WebSocketServer } from 'ws'

export interface EchoServer {
  readonly port: number
  close(): Promise<void>
}

/** Express 5 with its own JSON reader. */
export function expressEcho(): Promise<EchoServer> {
  const app = express()
  app.use(express.json())
  app.post('/', (request, response) => void response.json(request.body))
  return listening(createServer(app))
}

/** Nothing but node's own server. */
export function nodeEcho(): Promise<EchoServer> {
  return listening(
    createServer((request, response) => {
      const chunks: Buffer[] = []
      request.on('data', (chunk: Buffer) => chunks.push(chunk))
      request.on('end', () => {
        const text = JSON.stringify(JSON.parse(Buffer.concat(chunks).toString()))
        response.writeHead(200, { 'Content-Type': 'application/json; charset=utf-8', 'Content-Length': Buffer.byteLength(text) }).end(text)
      })
    }),
  )
}

export async function socketEcho(): Promise<EchoServer> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  sockets.on('connection', (socket) => {
    socket.on('message', (data: Buffer) => socket.send(JSON.stringify(JSON.parse(data.toString()))))
  })
  return listening(server)
}

export interface BroadcastServer extends EchoServer {
  /** Sends prepared messages to all who are connected. */
  broadcast(messages: readonly Buffer[]): void
}

/** Sends everybody the same messages with nothing but `ws`. */
export async function broadcaster(): Promise<BroadcastServer> {
  const server = createServer()
  const sockets = new WebSocketServer({ server, perMessageDeflate: false })
  return Object.assign(await listening(server), {
    broadcast(messages: readonly Buffer[]) {
      for (const message of messages) for (const client of sockets.clients) client.send(message, { binary: false })
    },
  })
}

async function listening(server: Server): Promise<EchoServer> {
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  return {
    port: (server.address() as AddressInfo).port,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}
