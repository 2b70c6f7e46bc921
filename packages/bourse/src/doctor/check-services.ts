/** Looks whether the services answer that an exchange may use beside its database: Redis, the mail server. */
import { connect } from 'node:net'
import { ok, problem, warning, type Finding } from './finding.js'

const TIMEOUT_MS = 2_000

export interface ServicePlace {
  /** For people: `redis`. */
  readonly check: string
  /** An address with a scheme; user and password in it are never shown. */
  readonly url: string
  /** Where the address names no port. */
  readonly defaultPort: number
  /** The variable or key that holds it. */
  readonly setting: string
  /** What happens while it does not answer. */
  readonly without: string
}

/** The services that are configured; none is needed to start. */
export function servicePlaces(smtpUrl: string | undefined, environment: Readonly<Record<string, string | undefined>> = process.env): ServicePlace[] {
  const redis = environment['REDIS_URL'] ?? ''
  return [
    ...(redis === '' ? [] : [{ check: 'redis', url: redis, defaultPort: 6379, setting: 'REDIS_URL', without: 'each process counts limits for itself' }]),
    ...(smtpUrl === undefined ? [] : [{ check: 'mail', url: smtpUrl, defaultPort: smtpUrl.startsWith('smtps:') ? 465 : 587, setting: 'mail.smtpUrl', without: 'mails wait' }]),
  ]
}

export async function checkServices(places: readonly ServicePlace[]): Promise<Finding[]> {
  return Promise.all(places.map(checkService))
}

async function checkService({ check, url, defaultPort, setting, without }: ServicePlace): Promise<Finding> {
  if (!URL.canParse(url)) return problem(check, `${setting} is no address.`, `Write it as in the guide, for example ${check === 'redis' ? 'redis://localhost:6379/0' : 'smtps://user:password@mail.example:465'}.`)
  const { hostname, port } = new URL(url)
  const place = `${hostname}:${port === '' ? defaultPort : port}`
  const fault = await faultOf(hostname.replace(/^\[|\]$/g, ''), Number(port === '' ? defaultPort : port))
  return fault === undefined ? ok(check, `${place} answers.`) : warning(check, `${place} does not answer (${fault}); meanwhile ${without}.`, `Start it, or correct ${setting}.`)
}

function faultOf(host: string, port: number): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: TIMEOUT_MS })
    const end = (fault?: string): void => {
      socket.destroy()
      resolve(fault)
    }
    socket.once('connect', () => end())
    socket.once('timeout', () => end('no answer'))
    socket.once('error', (error: NodeJS.ErrnoException) => end(error.code ?? error.message))
  })
}
