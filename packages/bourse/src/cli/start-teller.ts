/** What `exchange start` tells while it starts and ends: lines and bars for a person at the terminal, or entries of the log. */
import type { Logger } from '../runtime/log.js'
import type { RunningExchange } from '../runtime/serving.js'
import { startStage, type Stage } from './progress.js'

type Running = Pick<RunningExchange, 'url' | 'demoLogIn'>

export interface StartTeller {
  begin(name: string): void
  /** Work that takes a while, by name, 0 to 1. */
  stage(name: string, done: number): void
  endStage(): void
  configChange(lines: readonly string[]): void
  ready(running: Running, tookMs: number): void
  stopping(): void
  stopped(): void
  stoppingFailed(error: unknown): void
  stoppedAtOnce(): void
}

/** For a person who looks at the terminal. */
export function personTeller(): StartTeller {
  const say = (text: string): void => void process.stderr.write(text)
  let current: { name: string; stage: Stage } | undefined
  const endStage = (): void => {
    current?.stage.done()
    current = undefined
  }
  return {
    begin: (name) => say(`\n  ${name}\n\n`),
    stage(name, done) {
      if (current?.name !== name) {
        endStage()
        current = { name, stage: startStage(name) }
      }
      current.stage.update(done)
    },
    endStage,
    configChange: (lines) => say(`  ${lines.join('\n  ')}\n`),
    ready({ url, demoLogIn }, tookMs) {
      endStage()
      const lines = ['', `  Ready in ${(tookMs / 1000).toFixed(1)} s`, '', `  Open     ${url}`]
      if (demoLogIn !== undefined) lines.push(`  Log in   ${demoLogIn.email}   password ${demoLogIn.password}`)
      process.stdout.write(`${[...lines, '  Stop     Ctrl-C', ''].join('\n')}\n`)
    },
    stopping: () => say('\n  Stopping ... (again to stop at once)\n'),
    stopped: () => say('  Stopped; everything is on disk.\n'),
    stoppingFailed: (error) => say(`  Stopping failed: ${error instanceof Error ? error.message : String(error)}\n`),
    stoppedAtOnce: () => say('  Stopped at once; what was acknowledged is on disk.\n'),
  }
}

/** For whatever gathers the log: a line of JSON for each step, and the demo's password in none of them. */
export function logTeller(logger: Logger): StartTeller {
  let stage = ''
  return {
    begin: (name) => logger.info({ name, pid: process.pid }, 'starting'),
    stage(name) {
      if (stage !== name) logger.info({ stage: name }, 'starting')
      stage = name
    },
    endStage() {
      stage = ''
    },
    configChange: (changes) => logger.info({ changes }, 'the configuration changes the exchange'),
    ready: ({ url }, tookMs) => logger.info({ url, tookMs }, 'ready'),
    stopping: () => logger.info('stopping: what has begun is finished, nothing new is taken'),
    stopped: () => logger.info('stopped; everything is on disk'),
    stoppingFailed: (err) => logger.error({ err }, 'stopping failed'),
    stoppedAtOnce: () => logger.warn('stopped at once by a second signal; what was acknowledged is on disk'),
  }
}
