/** Runs a command in a process group of its own, so that an interruption ends it with everything that it started. */
import { spawn } from 'node:child_process'
import { constants } from 'node:os'

const FORWARDED = /** @type {const} */ (['SIGINT', 'SIGTERM', 'SIGHUP'])

/**
 * @typedef {object} CommandOptions
 * @property {string} command
 * @property {readonly string[]} args
 * @property {string} cwd
 * @property {NodeJS.ProcessEnv} [env] added to the environment of this process
 * @property {(chunk: Buffer) => void} [onOutput] takes what the command prints; without it the command prints itself
 */

/**
 * Runs a command to its end.
 *
 * A signal to this process goes to the whole group of the command; once it has ended, this process ends
 * with the code of the signal, as a shell would report it.
 *
 * @param {CommandOptions} options
 * @returns {Promise<number>} the exit code, 128 + n when a signal ended the command
 */
export function runCommand({ command, args, cwd, env, onOutput }) {
  const ownGroup = process.platform !== 'win32'
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    detached: ownGroup,
    stdio: ['ignore', onOutput === undefined ? 'inherit' : 'pipe', onOutput === undefined ? 'inherit' : 'pipe'],
  })
  if (onOutput !== undefined) for (const stream of [child.stdout, child.stderr]) stream?.on('data', onOutput)

  /** @type {NodeJS.Signals | undefined} */
  let interruptedBy
  const handlers = FORWARDED.map((signal) => {
    const handler = () => {
      interruptedBy ??= signal
      endGroup(child, signal, ownGroup)
    }
    process.on(signal, handler)
    return () => process.off(signal, handler)
  })

  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('close', (code, signal) => {
      handlers.forEach((remove) => remove())
      if (interruptedBy !== undefined) process.exit(128 + constants.signals[interruptedBy])
      resolve(code ?? 128 + (signal === null ? 0 : constants.signals[signal]))
    })
  })
}

/**
 * @param {import('node:child_process').ChildProcess} child
 * @param {NodeJS.Signals} signal
 * @param {boolean} ownGroup
 */
function endGroup(child, signal, ownGroup) {
  if (child.pid === undefined) return
  try {
    if (ownGroup) process.kill(-child.pid, signal)
    else child.kill(signal)
  } catch (error) {
    // The group ended by itself in the meantime.
    if (/** @type {NodeJS.ErrnoException} */ (error).code !== 'ESRCH') throw error
  }
}

/**
 * The command and first arguments that run npm: the one that started this process where there is one.
 *
 * @returns {{ command: string, args: string[] }}
 */
export function npmCommand() {
  const npmCli = process.env['npm_execpath']
  if (npmCli !== undefined && /npm-cli\.c?js$/.test(npmCli)) return { command: process.execPath, args: [npmCli] }
  return process.platform === 'win32' ? { command: 'cmd.exe', args: ['/d', '/s', '/c', 'npm'] } : { command: 'npm', args: [] }
}
