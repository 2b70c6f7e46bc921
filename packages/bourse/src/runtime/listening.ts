/** Opens and closes the server that people reach. */
import type { Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** @returns the address for people. @throws Error as a rejection when the port is taken. */
export function listen(server: Server, { port, host }: { readonly port: number; readonly host: string }): Promise<string> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'EADDRINUSE' ? new Error(`Port ${port} on ${host} is taken by another program. Choose another one with --port.`) : error)
    })
    server.listen(port, host, () => {
      const address = server.address() as AddressInfo
      const shown = host === '127.0.0.1' || host === '::1' || host === '0.0.0.0' || host === '::' ? 'localhost' : host
      resolve(`http://${shown}:${address.port}`)
    })
  })
}

export function closeServer(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

/** The same address for programs of this machine: `localhost` may be another one first. */
export function loopback(url: string): string {
  return url.replace('localhost', '127.0.0.1')
}
