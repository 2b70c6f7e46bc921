/** A process of its own that generates load, steered by messages: each request of the stage is answered by one. */
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

export class LoadProcess<Request extends object, Answer> {
  private readonly ended: Promise<never>

  private constructor(private readonly child: ChildProcess) {
    this.ended = once(child, 'exit').then(() => {
      throw new Error('The process that generates the load has ended.')
    })
    this.ended.catch(() => undefined)
  }

  /** @param module beside this file: one that calls {@link serveLoad}. */
  static async start<Request extends object, Answer>(module: string): Promise<LoadProcess<Request, Answer>> {
    const child = fork(fileURLToPath(new URL(module, import.meta.url)), [], { execArgv: process.execArgv, serialization: 'advanced' })
    await once(child, 'message')
    return new LoadProcess(child)
  }

  /** @throws Error as a rejection when the process fails or ends. */
  async ask(request: Request): Promise<Answer> {
    const answered = new Promise<{ answer: Answer } | { error: string }>((resolve) => this.child.once('message', resolve as (message: unknown) => void))
    this.child.send(request)
    const message = await Promise.race([answered, this.ended])
    if ('error' in message) throw new Error(`The process that generates the load failed: ${message.error}`)
    return message.answer
  }

  async end(): Promise<void> {
    if (this.child.exitCode !== null) return
    const gone = once(this.child, 'exit')
    this.child.disconnect()
    await gone
  }
}

/** The other side: answers each request by what the handler returns, one after another. */
export function serveLoad<Request, Answer>(handle: (request: Request) => Promise<Answer>): void {
  let turn = Promise.resolve()
  process.on('message', (request) => {
    turn = turn.then(async () => {
      try {
        process.send!({ answer: await handle(request as Request) })
      } catch (error) {
        process.send!({ error: error instanceof Error ? (error.stack ?? error.message) : String(error) })
      }
    })
  })
  process.on('disconnect', () => process.exit(0))
  process.send!({ answer: 'ready' })
}
