/** Looks whether the ports are free that an exchange is to listen on. */
import { createServer } from 'node:net'
import type { RunningFacts } from './check-data.js'
import { ok, problem, type Finding } from './finding.js'

export interface ListeningPlace {
  /** For people: `HTTP`. */
  readonly what: string
  readonly host: string
  readonly port: number
}

/** A port that is taken is right where this exchange runs. */
export async function checkPorts(places: readonly ListeningPlace[], running: RunningFacts | undefined): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const { what, host, port } of places) {
    const check = `port: ${what}`
    if (port === 0) findings.push(ok(check, 'Any free port.'))
    else if (running !== undefined) findings.push(ok(check, `${host}:${port}, and the exchange runs.`))
    else findings.push(await tryToListen(check, host, port))
  }
  return findings
}

function tryToListen(check: string, host: string, port: number): Promise<Finding> {
  return new Promise((resolve) => {
    const server = createServer()
    server.once('error', (error: NodeJS.ErrnoException) => {
      const remedies: Readonly<Record<string, [string, string]>> = {
        EADDRINUSE: ['is taken by another program', `Find it with "ss -ltnp sport = :${port}", or choose another port.`],
        EACCES: ['may not be used by this user', 'Ports below 1024 are for the proxy in front; choose a higher one.'],
        EADDRNOTAVAIL: ['is not an address of this machine', 'Use 127.0.0.1, or an address that "ip addr" lists.'],
      }
      const [what, remedy] = remedies[error.code ?? ''] ?? [`cannot be used (${error.message})`, 'Check address and port in the configuration.']
      resolve(problem(check, `${host}:${port} ${what}.`, remedy))
    })
    server.listen(port, host, () => server.close(() => resolve(ok(check, `${host}:${port} is free.`))))
  })
}
