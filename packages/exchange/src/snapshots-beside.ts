/** Has snapshots made by a process beside this one; see `snapshot-process.ts`. */
import { fork, type ChildProcess } from 'node:child_process'
import { getPriority, setPriority } from 'node:os'
import { extname } from 'node:path'
import { fileURLToPath } from 'node:url'
import type { StorageBeside } from '@bourse/plugin'

export interface SnapshotRequest {
  /** Durable in the journal. */
  readonly sequence: number
}

export type SnapshotAnswer = { readonly sequence: number } | { readonly error: string }

const PROGRAM = fileURLToPath(new URL(`./snapshot-process${extname(import.meta.url)}`, import.meta.url))
/** As with `nice`: where processors are scarce, trading comes first. */
const NICER_BY = 5
const LOWEST_PRIORITY = 19

interface Waiting {
  resolve(sequence: number): void
  reject(error: Error): void
}

/** Starts the process at the first request, and again when it has ended. It keeps as much memory as the engine. */
export class SnapshotsBeside {
  private child: ChildProcess | undefined
  private waiting: Waiting | undefined
  private ending = false

  constructor(private readonly storage: StorageBeside) {}

  /** Makes a snapshot that holds at least the commands up to a durable sequence; resolves to the sequence that it stands for. One at a time. */
  take(sequence: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject }
      this.child ??= this.start()
      this.keepAlive(this.child, true)
      const request: SnapshotRequest = { sequence }
      this.child.send(request, (error) => {
        if (error !== null) this.settle(error)
      })
    })
  }

  /** Ends the process; a snapshot under way is given up. */
  async close(): Promise<void> {
    const { child } = this
    if (child === undefined) return
    this.ending = true
    this.keepAlive(child, true)
    await new Promise((resolve) => {
      child.once('exit', resolve)
      child.kill('SIGKILL')
    })
  }

  private start(): ChildProcess {
    const child = fork(PROGRAM, [JSON.stringify(this.storage)], { execArgv: loadingFlags(process.execArgv) })
    try {
      setPriority(child.pid!, Math.min(LOWEST_PRIORITY, getPriority() + NICER_BY))
    } catch {
      // It makes its snapshots all the same.
    }
    child.on('message', (answer: SnapshotAnswer) => this.settle('error' in answer ? new Error(answer.error) : answer.sequence))
    child.on('error', (error) => this.settle(error))
    child.on('exit', (code, signal) => {
      if (this.child === child) this.child = undefined
      this.settle(new Error(`the process that makes snapshots ended (${signal ?? `code ${code}`})`))
    })
    return child
  }

  /** Only a request under way keeps this process alive; an exchange that nobody closes does not. */
  private keepAlive(child: ChildProcess, alive: boolean): void {
    if (alive) {
      child.ref()
      child.channel?.ref()
    } else {
      child.unref()
      child.channel?.unref()
    }
  }

  private settle(outcome: number | Error): void {
    const { waiting } = this
    this.waiting = undefined
    // While it is being ended its end is waited for.
    if (this.child !== undefined && !this.ending) this.keepAlive(this.child, false)
    if (outcome instanceof Error) waiting?.reject(outcome)
    else waiting?.resolve(outcome)
  }
}

/** The flags that say how modules are found; what else this process was started with (a program text, a profiler, a debugger) is its own. */
function loadingFlags(execArgv: readonly string[]): string[] {
  return execArgv.flatMap((arg, index) => {
    if (!/^(--conditions|-C|--import|--require|-r|--loader|--experimental-loader)(=|$)/.test(arg)) return []
    return arg.includes('=') ? [arg] : [arg, execArgv[index + 1] ?? '']
  })
}
