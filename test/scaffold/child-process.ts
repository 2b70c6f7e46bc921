/** Runs other programs for the scaffold tests: to their end, or until they say that they are ready. */
import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import path from 'node:path'
import { fileURLToPath } from 'node:url'

export const ROOT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..')

export interface Program {
  readonly command: string
  readonly args: readonly string[]
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv
}

export interface Started {
  /** Everything printed so far. */
  output(): string
  /** Resolves to the first match once it has been printed; rejects when the program ends before. */
  printed(pattern: RegExp): Promise<RegExpExecArray>
  /** Signals the program alone and resolves once it and everything that it started have ended. */
  stop(signal: NodeJS.Signals): Promise<void>
  /** Does what Ctrl-C does in a terminal, where the program and everything that it started get the signal. */
  pressCtrlC(): Promise<void>
  /** Ends the program and everything that it started. */
  kill(): Promise<void>
}

/** Starts a program in a process group of its own, without standard input. */
export function start({ command, args, cwd, env }: Program): Started {
  const child = spawn(command, args, { cwd, env: { ...testEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'], detached: true })
  const closed = once(child, 'close')
  const watchers = new Set<() => void>()
  let output = ''
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (chunk: Buffer) => {
      output += chunk.toString('utf8')
      for (const watcher of watchers) watcher()
    })
  }
  return {
    output: () => output,
    printed: (pattern) =>
      new Promise((resolve, reject) => {
        const look = (): void => {
          const match = pattern.exec(output)
          if (match === null) return
          watchers.delete(look)
          resolve(match)
        }
        watchers.add(look)
        closed.then(() => reject(new Error(`"${command} ${args.join(' ')}" ended (${String(child.exitCode ?? child.signalCode)}) before it printed ${String(pattern)}:\n${output}`)), reject)
        look()
      }),
    stop: async (signal) => {
      child.kill(signal)
      await closed
    },
    pressCtrlC: async () => {
      signalGroup(child, 'SIGINT')
      await closed
    },
    kill: async () => {
      signalGroup(child, 'SIGKILL')
      await closed
    },
  }
}

/** Runs a program to its end; what it prints on failure is in the error. */
export async function run(program: Program): Promise<string> {
  const { code, output } = await runToEnd(program)
  if (code !== 0) throw new Error(`"${program.command} ${program.args.join(' ')}" in ${program.cwd} ended with code ${String(code)}:\n${output}`)
  return output
}

export async function runToEnd({ command, args, cwd, env }: Program): Promise<{ code: number | null; output: string }> {
  const child = spawn(command, args, { cwd, env: { ...testEnvironment(), ...env }, stdio: ['ignore', 'pipe', 'pipe'] })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += chunk.toString('utf8')))
  const [code] = (await once(child, 'close')) as [number | null]
  return { code, output }
}

/** The environment without what the test run itself put there. */
function testEnvironment(): NodeJS.ProcessEnv {
  const environment = { ...process.env }
  for (const name of ['NODE_OPTIONS', 'DATABASE_URL', 'BOURSE_SECRET_KEY', 'INIT_CWD', 'npm_lifecycle_event', 'npm_lifecycle_script', 'npm_package_json', 'npm_config_local_prefix', 'npm_config_user_agent']) delete environment[name]
  return environment
}

function signalGroup(child: ChildProcess, signal: NodeJS.Signals): void {
  if (child.pid === undefined) return
  try {
    process.kill(-child.pid, signal)
  } catch (error) {
    // All of it has ended.
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error
  }
}
