/** Writes what a turn has brought for many connections: one write each, and one piece of memory for all who get the same. */

/** A connection that may have something to be written. */
export interface Outgoing {
  /** Frames of this turn, in order. */
  readonly frames: Buffer[]
  /** Takes everything of the turn in one piece. */
  write(bytes: Buffer): void
}

export class OutgoingTurn {
  private waiting: Outgoing[] = []
  private scheduled = false

  add(connection: Outgoing, frame: Buffer): void {
    if (connection.frames.push(frame) === 1) this.waiting.push(connection)
    if (this.scheduled) return
    this.scheduled = true
    // After everything that is ready now has said what it has to say.
    process.nextTick(() => this.write())
  }

  private write(): void {
    this.scheduled = false
    const connections = this.waiting
    this.waiting = []
    let lastFrames: readonly Buffer[] = []
    let lastPacked: Buffer | undefined
    for (const connection of connections) {
      const frames = connection.frames.splice(0)
      if (lastPacked === undefined || !areSame(frames, lastFrames)) {
        lastPacked = frames.length === 1 ? frames[0]! : Buffer.concat(frames)
        lastFrames = frames
      }
      connection.write(lastPacked)
    }
  }
}

function areSame(one: readonly Buffer[], other: readonly Buffer[]): boolean {
  return one.length === other.length && one.every((frame, index) => frame === other[index])
}
