/** The log of an exchange: one line of JSON for each entry in production, lines for people in development, and never a secret in either. */
import { pino, type DestinationStream, type Logger } from 'pino'
import { prettyFactory } from 'pino-pretty'
import { scrubFacts, scrubText } from './scrub-secrets.js'

export type { Logger } from 'pino'

const LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
type Environment = Readonly<Record<string, string | undefined>>

export interface LogOptions {
  readonly production: boolean
  readonly environment?: Environment
  /** By default standard output for JSON and standard error for people. */
  readonly destination?: DestinationStream
}

/**
 * Opens the log. `BOURSE_LOG_LEVEL` says from which level on it is written (`info`), `BOURSE_LOG_FORMAT` how
 * (`json` or `pretty`; by default as the mode wants it).
 *
 * @throws Error for a level or a format that there is not.
 */
export function createLog({ production, environment = process.env, destination }: LogOptions): Logger {
  const level = oneOf(environment['BOURSE_LOG_LEVEL'], LEVELS, 'info', 'BOURSE_LOG_LEVEL')
  const format = oneOf(environment['BOURSE_LOG_FORMAT'], ['json', 'pretty'] as const, production ? 'json' : 'pretty', 'BOURSE_LOG_FORMAT')
  const settings = {
    level,
    base: null,
    timestamp: pino.stdTimeFunctions.isoTime,
    // Errors are written by scrubFacts.
    serializers: { err: (error: unknown) => error },
    formatters: { level: (label: string) => ({ level: label }), log: scrubFacts },
    hooks: {
      logMethod(this: Logger, args: Parameters<Logger['info']>, method: Logger['info']): void {
        method.apply(this, args.map((arg: unknown) => (typeof arg === 'string' ? scrubText(arg) : arg)) as Parameters<Logger['info']>)
      },
    },
  }
  if (format === 'json') return pino(settings, destination ?? pino.destination({ dest: 1, sync: true }))
  const forPeople = prettyFactory({ colorize: destination === undefined && process.stderr.isTTY, translateTime: 'SYS:HH:MM:ss', singleLine: true })
  const target = destination ?? process.stderr
  return pino(settings, { write: (line) => void target.write(forPeople(line)) })
}

function oneOf<Word extends string>(text: string | undefined, words: readonly Word[], otherwise: Word, variable: string): Word {
  if (text === undefined || text === '') return otherwise
  const word = words.find((candidate) => candidate === text)
  if (word === undefined) throw new Error(`${variable}: "${text}" is none of ${words.join(', ')}.`)
  return word
}
