/** Asks a running exchange something over its local socket. */
import { connect } from 'node:net'
import { createInterface } from 'node:readline'
import type { ControlLine, ControlRequest } from './control-protocol.js'

/** Nothing listens: the exchange of this data directory does not run. */
export class NotRunningError extends Error {
  readonly code = 'not_running'
  constructor(dir: string) {
    super(`No exchange is running on ${dir}. Start it with "exchange start", or name its folder with --data DIR.`)
    this.name = 'NotRunningError'
  }
}

/**
 * Sends one request and waits for its result.
 *
 * @throws NotRunningError when nothing listens, Error with the exchange's own message when it refuses.
 */
export function askRunningExchange(dir: string, socketPath: string, request: ControlRequest, onProgress: (value: unknown) => void = () => {}): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const socket = connect(socketPath)
    socket.once('error', (error: NodeJS.ErrnoException) => {
      reject(error.code === 'ENOENT' || error.code === 'ECONNREFUSED' ? new NotRunningError(dir) : error)
    })
    socket.once('connect', () => {
      socket.write(`${JSON.stringify(request)}\n`)
      createInterface({ input: socket }).on('line', (text) => {
        const line = JSON.parse(text) as ControlLine
        if ('progress' in line) onProgress(line.progress)
        else if ('error' in line) reject(new Error(line.error))
        else resolve(line.result)
      })
    })
    socket.once('close', () => reject(new Error('The exchange closed the connection before it answered. Look at its log.')))
  })
}
