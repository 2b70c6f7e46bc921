/** What waits to be journaled, and what of it is written together. */

/** Appends beyond this go into a block of their own, so that a reader needs little memory. */
const MAX_GROUP_BYTES = 4 << 20

export interface PendingAppend {
  readonly frames: Uint8Array
  readonly firstSequence: number
  readonly lastSequence: number
  resolve(): void
  reject(error: Error): void
}

/** Appends that follow on each other and become one block. */
export class AppendGroup {
  /** Bytes of all frames. */
  readonly length: number
  readonly firstSequence: number
  readonly lastSequence: number

  constructor(private readonly appends: readonly PendingAppend[]) {
    this.length = appends.reduce((bytes, append) => bytes + append.frames.length, 0)
    this.firstSequence = appends[0]!.firstSequence
    this.lastSequence = appends.at(-1)!.lastSequence
  }

  copyTo(target: Uint8Array, offset: number): void {
    let at = offset
    for (const append of this.appends) {
      target.set(append.frames, at)
      at += append.frames.length
    }
  }

  resolve(): void {
    for (const append of this.appends) append.resolve()
  }

  reject(error: Error): void {
    for (const append of this.appends) append.reject(error)
  }
}

export class AppendQueue {
  private waiting: PendingAppend[] = []

  get isEmpty(): boolean {
    return this.waiting.length === 0
  }

  push(append: PendingAppend): void {
    this.waiting.push(append)
  }

  /** The oldest appends, as many as fit into a block. */
  take(): AppendGroup {
    let count = 0
    let bytes = 0
    for (const append of this.waiting) {
      bytes += append.frames.length
      if (count > 0 && bytes > MAX_GROUP_BYTES) break
      count++
    }
    return new AppendGroup(this.waiting.splice(0, count))
  }

  reject(error: Error): void {
    for (const append of this.waiting.splice(0)) append.reject(error)
  }
}
