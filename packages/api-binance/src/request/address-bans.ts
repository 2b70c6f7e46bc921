/** Bans for a while the addresses that go on although they are refused. */

const REFUSALS_BEFORE_BAN = 100
const REFUSALS_WITHIN_MS = 60_000
const BAN_MS = 120_000
const MAX_REMEMBERED = 10_000

interface Refusals {
  count: number
  readonly sinceMs: number
  bannedUntilMs: number
}

export class AddressBans {
  private readonly refusals = new Map<string, Refusals>()

  /** @param tell told of each refusal that happened here, for other gateways to count too. */
  constructor(
    private readonly now: () => number,
    private readonly tell: (address: string) => void = () => undefined,
  ) {}

  /** 0 where the address is not banned. */
  untilMs(address: string): number {
    return this.refusals.get(address)?.bannedUntilMs ?? 0
  }

  /** A request of the address was refused here. */
  refused(address: string): void {
    this.count(address)
    this.tell(address)
  }

  /** A request of the address was refused, here or at another gateway. */
  count(address: string): void {
    const nowMs = this.now()
    const known = this.refusals.get(address)
    const refusals = known !== undefined && nowMs - known.sinceMs < REFUSALS_WITHIN_MS ? known : { count: 0, sinceMs: nowMs, bannedUntilMs: 0 }
    refusals.count++
    if (refusals.count >= REFUSALS_BEFORE_BAN) refusals.bannedUntilMs = nowMs + BAN_MS
    this.refusals.delete(address)
    if (this.refusals.size >= MAX_REMEMBERED) this.refusals.delete(this.refusals.keys().next().value!)
    this.refusals.set(address, refusals)
  }
}
