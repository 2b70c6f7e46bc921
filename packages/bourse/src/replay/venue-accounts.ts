/** The accounts of a venue replay: opened when needed, funded from the world, and emptied when it is over. */
import { ACCOUNT_KINDS, FrameBuffer, WORLD_ACCOUNT, writeAccountOpen, writeLedgerTransfer, type MarketSpec } from '@bourse/core'
import type { FrameDoor } from './frame-door.js'
import { submitAll } from './submit-all.js'
import type { Needs } from './venue-quotes.js'

const USER = ACCOUNT_KINDS.indexOf('user')
const GROUP = 'replay-liquidity'
const TAKER = 'replay-taker'
/** A transfer covers several batches, so that there are few. */
const FUNDING_FACTOR = 8n

export class VenueAccounts {
  private transfers = 0

  private constructor(
    private readonly door: FrameDoor,
    private readonly market: MarketSpec,
    /** Makes the requestIds of this run unique. */
    private readonly runId: string,
    readonly taker: number,
    readonly liquidity: number[],
  ) {}

  /** Opens the taker and takes over the liquidity accounts of earlier runs. */
  static async open(door: FrameDoor, market: MarketSpec, runId: string): Promise<VenueAccounts> {
    const accounts = new VenueAccounts(door, market, runId, await openAccount(door, TAKER, TAKER), [])
    while (door.engine.catalog.accountByName(accounts.nextName()) !== undefined) await accounts.add()
    return accounts
  }

  private nextName(): string {
    return this.liquidity.length === 0 ? GROUP : `${GROUP}-${this.liquidity.length + 1}`
  }

  /** One more liquidity account, in the group of the others. */
  async add(): Promise<number> {
    const id = await openAccount(this.door, this.nextName(), GROUP)
    this.liquidity.push(id)
    return id
  }

  /** Sees to it that every account can carry what a batch may need. */
  async fund(needs: Needs): Promise<void> {
    const frames = new FrameBuffer()
    for (const [account, { base, quote }] of needs) {
      this.topUp(frames, account, this.market.base, base)
      this.topUp(frames, account, this.market.quote, quote)
    }
    await submitAll(this.door, frames, 'the replay\'s accounts could not be funded')
  }

  private topUp(frames: FrameBuffer, account: number, asset: number, need: bigint): void {
    if (this.door.engine.balance(account, asset).available >= need) return
    const world = this.door.engine.catalog.accountByName(WORLD_ACCOUNT)!
    writeLedgerTransfer(frames, { requestId: this.nextRequestId(), from: world, to: account, asset, amount: need * FUNDING_FACTOR })
  }

  /** Gives what is available back to the world. */
  async empty(): Promise<void> {
    const frames = new FrameBuffer()
    const world = this.door.engine.catalog.accountByName(WORLD_ACCOUNT)!
    for (const account of [this.taker, ...this.liquidity]) {
      for (const asset of [this.market.base, this.market.quote]) {
        const amount = this.door.engine.balance(account, asset).available
        if (amount > 0n) writeLedgerTransfer(frames, { requestId: this.nextRequestId(), from: account, to: world, asset, amount })
      }
    }
    await submitAll(this.door, frames, 'the replay\'s accounts could not be emptied')
  }

  private nextRequestId(): string {
    this.transfers += 1
    return `replay-${this.runId}-${this.transfers}`
  }
}

async function openAccount(door: FrameDoor, name: string, group: string): Promise<number> {
  const present = door.engine.catalog.accountByName(name)
  if (present !== undefined) return present
  const frames = new FrameBuffer()
  writeAccountOpen(frames, { name, kind: USER, group })
  await submitAll(door, frames, `the account ${name} could not be opened`)
  return door.engine.catalog.accountByName(name)!
}
