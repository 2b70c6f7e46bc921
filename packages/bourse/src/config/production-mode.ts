/** Production mode: when it holds, and what an exchange then refuses to start with. */
import { BlockList, isIP } from 'node:net'
import { ConfigError } from './config-error.js'
import type { Project } from './load-project.js'
import type { ExchangeConfig } from './schema.js'

type Environment = Readonly<Record<string, string | undefined>>

const LOOPBACK_RANGES = ['127.0.0.0/8', '::1']
const KEY_BYTES = 32
/** Random bytes of a key differ from each other; a key of so few different ones was typed, not drawn. */
const FEWEST_DIFFERENT_BYTES = 12
const DEFAULT_PASSWORDS = new Set(['', 'postgres', 'password', 'secret', 'changeme', 'change-me', 'example', 'bourse', 'admin', 'root', 'test', '1234', '12345678'])

/** `mode` of the configuration; where that is open, NODE_ENV=production. */
export function isProduction({ mode }: Pick<ExchangeConfig, 'mode'>, environment: Environment = process.env): boolean {
  return mode === undefined ? environment['NODE_ENV'] === 'production' : mode === 'production'
}

/** Addresses and ranges whose X-Forwarded-For counts. */
export function trustedProxies({ server }: Pick<ExchangeConfig, 'server'>): readonly string[] {
  return server.trustedProxies ?? (server.publicUrl === undefined ? [] : LOOPBACK_RANGES)
}

/** Whether only programs of this machine reach what listens on a host. */
export function isLoopback(host: string): boolean {
  if (host === 'localhost') return true
  const family = isIP(host)
  if (family === 0) return false
  const loopback = new BlockList()
  loopback.addSubnet('127.0.0.0', 8, 'ipv4')
  loopback.addAddress('::1', 'ipv6')
  return loopback.check(host, family === 4 ? 'ipv4' : 'ipv6')
}

/**
 * What is unsafe about an exchange in production mode, each a sentence that names the key and the remedy.
 *
 * @param host address that it is to listen on
 */
export function productionProblems({ config }: Pick<Project, 'config'>, host: string, environment: Environment = process.env): string[] {
  return [...secretProblems(environment), ...addressProblems(config, host), ...databaseProblems(config.database)]
}

/** @throws ConfigError in production mode, when something is unsafe. */
export function refuseUnsafeProduction(project: Pick<Project, 'config' | 'configFile'>, host: string, environment: Environment = process.env): void {
  if (!isProduction(project.config, environment)) return
  const problems = productionProblems(project, host, environment)
  if (problems.length > 0) throw new ConfigError(project.configFile, [...problems, `All of this holds in production mode only (${project.config.mode === undefined ? 'NODE_ENV=production' : "mode: 'production'"}).`])
}

function secretProblems(environment: Environment): string[] {
  const text = (environment['BOURSE_SECRET_KEY'] ?? '').trim()
  const remedy = `Put the output of "openssl rand -base64 ${KEY_BYTES}" into .env as BOURSE_SECRET_KEY, and keep a copy apart from the data.`
  if (text === '') return [`BOURSE_SECRET_KEY: it is missing, and a key beside the data would be copied together with what it protects. ${remedy}`]
  const key = Buffer.from(text, 'base64')
  if (key.length !== KEY_BYTES) return [`BOURSE_SECRET_KEY: it must be ${KEY_BYTES} bytes in base64. ${remedy}`]
  if (new Set(key).size < FEWEST_DIFFERENT_BYTES) return [`BOURSE_SECRET_KEY: it was not drawn at random: a default or an example is known to everybody. ${remedy}`]
  return []
}

function addressProblems({ server }: ExchangeConfig, host: string): string[] {
  const problems: string[] = []
  if (server.publicUrl !== undefined && new URL(server.publicUrl).protocol !== 'https:') {
    problems.push(`server.publicUrl: ${server.publicUrl} is plain HTTP: passwords and cookies could be read on the way. Put a proxy with TLS in front and give its https:// address.`)
  }
  if (!isLoopback(host) && (server.trustedProxies ?? []).length === 0) {
    problems.push(`server.host: ${host} is reached from other machines over plain HTTP. Listen on 127.0.0.1 behind a proxy with TLS on this machine, or name the proxy's address in server.trustedProxies.`)
  }
  return problems
}

/** A database on this machine may go without a password; one on another machine is reached over a network. */
function databaseProblems(database: string | undefined): string[] {
  if (database === undefined || !URL.canParse(database)) return []
  const { hostname, username, password } = new URL(database)
  if (hostname === '' || isLoopback(hostname.replace(/^\[|\]$/g, ''))) return []
  const given = decodeURIComponent(password)
  if (!DEFAULT_PASSWORDS.has(given.toLowerCase()) && given !== decodeURIComponent(username)) return []
  return ['DATABASE_URL: the password of the database is missing, or one that everybody tries first. Give its user a password of its own.']
}
