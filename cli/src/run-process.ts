/** Runs another program in the folder of the project. */
import { spawn } from 'node:child_process'

/** @returns its exit code, or undefined when there is no such program */
export function runProcess(command: string, args: readonly string[], options: { cwd: string; quiet: boolean }): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    // On Windows package managers are .cmd files, which only a shell starts; the arguments are constants of ours.
    const child = spawn(command, args, { cwd: options.cwd, stdio: options.quiet ? 'ignore' : 'inherit', shell: process.platform === 'win32' })
    child.once('error', (error: NodeJS.ErrnoException) => (error.code === 'ENOENT' ? resolve(undefined) : reject(error)))
    child.once('close', (code) => resolve(code ?? 1))
  })
}
