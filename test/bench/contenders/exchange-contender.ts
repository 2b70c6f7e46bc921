/** Runs a stream through the one door of a whole exchange on the machine's disk: an operation is done when it is durable. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { FrameBuffer } from '@bourse/core'
import { createExchange, type Exchange, type ExchangeOptions, type FramesResult } from '@bourse/exchange'
import { openFileStorage, type Storage } from '@bourse/journal-file'
import type { Contender } from '../measure.js'
import type { CommandStream } from '../streams/command-stream.js'
import { addTrades } from './trades.js'
import { FillChecksum } from '../streams/reference-workload.js'

/** Batches that are given before the first of them is acknowledged. */
const WINDOW = 32

export class ExchangeContender implements Contender {
  exchange: Exchange | undefined
  private storage: Storage | undefined
  readonly directory = mkdtempSync(join(tmpdir(), 'bourse-bench-'))

  constructor(
    readonly name: string,
    private readonly stream: CommandStream,
    private readonly options: Partial<ExchangeOptions> = {},
  ) {}

  get operations(): number {
    return this.stream.commands
  }

  /** An empty exchange with open and funded accounts. */
  async prepare(): Promise<void> {
    await this.close()
    rmSync(this.directory, { recursive: true, force: true })
    await this.open()
    for (const command of this.stream.definitions) {
      const result = await this.exchange!.submit(command)
      if (!result.ok) throw new Error(`${command.type} was refused: ${result.reject.code}.`)
    }
    await this.give(this.stream.funding())
  }

  async run(): Promise<void> {
    await this.give(this.stream.batches)
  }

  /** The fills of a run of its own; also checks the state that it leaves. */
  async fills(): Promise<FillChecksum> {
    await this.prepare()
    const checksum = new FillChecksum()
    const stop = this.exchange!.onCommitted(({ events }) => addTrades(events, checksum))
    await this.run()
    stop()
    this.exchange!.engine.checkInvariants()
    return checksum
  }

  async open(): Promise<void> {
    this.storage = await openFileStorage(this.directory)
    this.exchange = await createExchange({ ...this.storage, onHalt: (error) => { throw error }, ...this.options })
  }

  async close(): Promise<void> {
    await this.exchange?.close()
    await this.storage?.close()
    this.exchange = this.storage = undefined
  }

  /** Closes it and removes its files. */
  async end(): Promise<void> {
    await this.close()
    rmSync(this.directory, { recursive: true, force: true })
  }

  /** Gives batches and waits until all are durable. */
  async give(batches: Iterable<FrameBuffer>): Promise<void> {
    const exchange = this.exchange!
    const underWay: Promise<FramesResult>[] = []
    for (const batch of batches) {
      if (underWay.length === WINDOW) (await underWay.shift()!).release()
      underWay.push(exchange.submitFrames(batch))
    }
    for (const result of underWay) (await result).release()
  }
}
