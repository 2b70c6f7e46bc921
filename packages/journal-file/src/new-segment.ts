/** A segment of the journal while it is being made. */
import { syncedZeros, type FileSystem, type OpenFile } from './file-system.js'
import { segmentPath, type Segment } from './segment.js'

/** Fewer bytes are not worth a sync of their own. */
const LEAST_BYTES = 1 << 20

/** A segment as the journal takes it over. */
export interface MadeSegment {
  readonly segment: Segment
  readonly file: OpenFile
}

/**
 * Written zeros. Overwriting allocated bytes makes an fdatasync almost twice as fast as appending, and a full disk shows
 * here, before a command is journaled.
 *
 * It grows as the segment before it fills up, a little at a time: who waits for the sync of a block never waits
 * behind many zeros.
 */
export class NewSegment {
  private readonly segment: Segment
  private file: OpenFile | undefined
  private filled = 0
  /** How many bytes it is to have by now. */
  private wanted = 0
  private filling: Promise<void> | undefined
  private failure: { readonly cause: unknown } | undefined

  constructor(
    private readonly files: FileSystem,
    private readonly directory: string,
    number: number,
    private readonly capacity: number,
  ) {
    this.segment = { number, path: segmentPath(directory, number), marks: [] }
  }

  /** Lets it grow to a share of its size, 0 to 1, in the background. What goes wrong is told by {@link whole}. */
  growTo(share: number): void {
    this.wanted = Math.max(this.wanted, Math.ceil(this.capacity * Math.min(1, share)))
    if (this.wanted - this.filled >= LEAST_BYTES) this.filling ??= this.fill()
  }

  /** Makes what is missing; then it is durable with its name. Where that fails the file is removed, so that it does not take the last space. */
  async whole(): Promise<MadeSegment> {
    await this.filling
    this.wanted = this.capacity
    await this.fill()
    try {
      if (this.failure !== undefined) throw this.failure.cause
      await this.files.syncDirectory(this.directory)
      return { segment: this.segment, file: this.file! }
    } catch (error) {
      await this.file?.close()
      await this.files.remove(this.segment.path).catch(() => undefined)
      throw error
    }
  }

  /** Leaves it as it is: the next start removes what was never used. */
  async abandon(): Promise<void> {
    await this.filling
    await this.file?.close()
  }

  private async fill(): Promise<void> {
    try {
      this.file ??= await this.files.open(this.segment.path, 'create')
      while (this.filled < this.wanted && this.failure === undefined) this.filled = await syncedZeros(this.file, this.filled, this.wanted)
    } catch (cause) {
      this.failure = { cause }
    }
    this.filling = undefined
  }
}
