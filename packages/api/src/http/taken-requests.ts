/** Remembers which signed requests were taken lately, so that each is taken once; in bounded memory. */
import { hash } from 'node:crypto'

/** Far more than all keys together may send within a window. */
const MAX_SEEN = 500_000

/** `full` where no more can be remembered: then nothing may be taken. */
export type Taken = 'taken' | 'repeated' | 'full'

export interface TakenTimes {
  readonly nowMs: number
  /** How long after it was taken a request could be taken again. */
  readonly rememberedMs: number
}

/** Sees to it that each request is taken once: in this process, or for several together. */
export interface OneTimeRequests {
  /** @param digest what {@link requestDigest} makes of the request. */
  take(digest: string, times: TakenTimes): Taken | Promise<Taken>
}

/** Names a request without repeating it. */
export function requestDigest(key: string, payload: string): string {
  return hash('sha256', `${key}\n${payload}`, 'base64')
}

/** In the memory of this process; requests that are remembered equally long share a memory. */
export class TakenRequests implements OneTimeRequests {
  private readonly memories = new Map<number, TakenMemory>()

  take(digest: string, { nowMs, rememberedMs }: TakenTimes): Taken {
    let memory = this.memories.get(rememberedMs)
    if (memory === undefined) this.memories.set(rememberedMs, (memory = new TakenMemory(rememberedMs)))
    return memory.take(digest, nowMs)
  }
}

class TakenMemory {
  /** What was taken, in two halves: the older one is dropped whole when its time is over. */
  private seen = new Set<string>()
  private seenBefore = new Set<string>()
  private turnMs = 0

  constructor(private readonly rememberedMs: number) {}

  take(digest: string, nowMs: number): Taken {
    if (nowMs - this.turnMs >= this.rememberedMs) {
      this.seenBefore = nowMs - this.turnMs >= 2 * this.rememberedMs ? new Set() : this.seen
      this.seen = new Set()
      this.turnMs = nowMs
    }
    if (this.seen.has(digest) || this.seenBefore.has(digest)) return 'repeated'
    if (this.seen.size >= MAX_SEEN) return 'full'
    this.seen.add(digest)
    return 'taken'
  }
}
