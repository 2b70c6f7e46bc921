/** Starts the exchange as a person does, as a process of its own, and waits until it says that it is ready. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')
const COMMAND = path.join(ROOT, 'packages/bourse/bin/exchange.js')
const READY_WITHIN_MS = 90_000

export interface RunningProcess {
  readonly url: string
  readonly logIn: { readonly email: string; readonly password: string } | undefined
  readonly pid: number
  /** All that it has printed so far. */
  output(): string
  /** Ends it as Ctrl-C does and resolves to its exit code. */
  stop(): Promise<number | null>
  /** Ends it as a power cut does. */
  kill(): Promise<void>
}

export interface StartOptions {
  readonly project: string
  readonly data: string
  readonly flags?: readonly string[]
  readonly env?: NodeJS.ProcessEnv
}

/** Starts on a free port; rejects with everything that was printed when it ends before it is ready. */
export async function startExchange({ project, data, flags = [], env = {} }: StartOptions): Promise<RunningProcess> {
  const child = spawn(process.execPath, [COMMAND, 'start', '--project', project, '--data', data, '--port', '0', ...flags], {
    cwd: ROOT,
    env: { ...cleanEnvironment(), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let printed = ''
  const ready = new Promise<void>((resolve, reject) => {
    const timer = setTimeout(() => reject(new Error(`The exchange was not ready within ${READY_WITHIN_MS} ms:\n${printed}`)), READY_WITHIN_MS)
    const read = (chunk: Buffer): void => {
      printed += chunk.toString('utf8')
      if (/Stop\s+Ctrl-C/.test(printed)) (clearTimeout(timer), resolve())
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('exit', (code, signal) => (clearTimeout(timer), reject(new Error(`The exchange ended (${code ?? signal}) before it was ready:\n${printed}`))))
  })
  await ready.catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  const url = /Open\s+(http\S+)/.exec(printed)?.[1]
  if (url === undefined) throw new Error(`No address was printed:\n${printed}`)
  const logIn = /Log in\s+(\S+)\s+password (\S+)/.exec(printed)
  return {
    url,
    logIn: logIn?.[1] !== undefined && logIn[2] !== undefined ? { email: logIn[1], password: logIn[2] } : undefined,
    pid: child.pid!,
    output: () => printed,
    stop: async () => {
      await end(child, 'SIGINT')
      return child.exitCode
    },
    kill: () => end(child, 'SIGKILL'),
  }
}

/** Runs any other `exchange` command to its end. */
export async function runExchange(args: readonly string[], env: NodeJS.ProcessEnv = {}): Promise<{ code: number | null; output: string }> {
  const child = spawn(process.execPath, [COMMAND, ...args], { cwd: ROOT, env: { ...cleanEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  child.stdout.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  child.stderr.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  await once(child, 'close')
  return { code: child.exitCode, output }
}

/** A copy of the demo project with changes to its configuration, in a temporary folder. */
export async function temporaryProject(change: (config: string) => string = (config) => config): Promise<{ dir: string; data: string; remove(): Promise<void>; rewrite(next: (config: string) => string): Promise<void> }> {
  // Inside the repository, so that the configuration finds the workspace's packages.
  const dir = await mkdtemp(path.join(ROOT, 'examples/.test-project-'))
  const data = await mkdtemp(path.join(os.tmpdir(), 'bourse-data-'))
  await cp(path.join(ROOT, 'examples/demo-exchange'), dir, { recursive: true, filter: (source) => !source.includes('.bourse') && !source.includes('node_modules') })
  const file = path.join(dir, 'exchange.config.ts')
  const original = await readFile(file, 'utf8')
  await writeFile(file, change(quick(original)))
  return {
    dir,
    data,
    remove: async () => {
      await rm(dir, { recursive: true, force: true })
      await rm(data, { recursive: true, force: true })
    },
    rewrite: (next) => writeFile(file, next(quick(original))),
  }
}

function cleanEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  delete environment['NODE_OPTIONS']
  delete environment['DATABASE_URL']
  delete environment['BOURSE_SECRET_KEY']
  return environment
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = once(child, 'exit')
  child.kill(signal)
  await ended
}

/** Blocks every fifth of a second, so that a test need not wait for confirmations. */
function quick(config: string): string {
  return config.replace("'USDT'] })", "'USDT'], blockTimeMs: 200 })")
}
