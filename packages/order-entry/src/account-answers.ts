/** Tells the sessions of each account what became durable, in the order in which it happened. */
import { MARKET_DEFINED, MARKET_STATE_CHANGED, MARKET_UPDATED, ASSET_DEFINED, COMMAND_REJECTED, COMMAND_REPEATED, PARTY_ACCOUNT, STEP_REJECTED, TRADE_EXECUTED, TRADE_MAKER, TRADE_TAKER, type Catalog, type FrameBuffer } from '@bourse/core'
import type { CommittedBatch } from '@bourse/exchange'
import { isAccountEvent, writeAnswer, writeFill } from './answer-writer.js'
import type { EntrySession } from './entry-session.js'

const MAKER_ACCOUNT = TRADE_MAKER + PARTY_ACCOUNT
const TAKER_ACCOUNT = TRADE_TAKER + PARTY_ACCOUNT

/** Results that concern nobody but the one who asked. */
const PRIVATE_RESULTS: ReadonlySet<number> = new Set([COMMAND_REJECTED, COMMAND_REPEATED, STEP_REJECTED])
/** What changes the terms under which everybody trades. */
const CATALOG_EVENTS: ReadonlySet<number> = new Set([ASSET_DEFINED, MARKET_DEFINED, MARKET_UPDATED, MARKET_STATE_CHANGED])

export class AccountAnswers {
  private readonly byAccount = new Map<number, EntrySession[]>()
  private sessions = 0

  constructor(
    private readonly catalog: () => Catalog,
    /** Called with every event that changes an asset or a market. */
    private readonly onCatalogEvent: (events: FrameBuffer, offset: number) => void,
  ) {}

  add(session: EntrySession): void {
    this.byAccount.set(session.account, [...(this.byAccount.get(session.account) ?? []), session])
    this.sessions++
  }

  remove(session: EntrySession): void {
    const others = (this.byAccount.get(session.account) ?? []).filter((candidate) => candidate !== session)
    if (others.length > 0) this.byAccount.set(session.account, others)
    else this.byAccount.delete(session.account)
    this.sessions--
  }

  /** Writes the answers to what became durable; who wants to send them looks into the outboxes. */
  committed({ events, lastSequence }: CommittedBatch): void {
    if (this.sessions === 0) return
    for (let offset = 0; offset < events.length; offset += events.size(offset)) {
      const type = events.type(offset)
      if (type === TRADE_EXECUTED) this.trade(events, offset)
      else if (isAccountEvent(type)) this.tell(events, offset, type)
      else if (CATALOG_EVENTS.has(type)) this.onCatalogEvent(events, offset)
    }
    for (const sessions of this.byAccount.values()) for (const session of sessions) session.committed(lastSequence)
  }

  private tell(events: FrameBuffer, offset: number, type: number): void {
    const sessions = this.byAccount.get(events.account(offset))
    if (sessions === undefined) return
    for (const session of sessions) {
      const request = session.requestOf(events.sequence(offset))
      if (request === 0 && PRIVATE_RESULTS.has(type)) continue
      writeAnswer({ outbox: session.outbox, events, offset, request })
    }
  }

  private trade(events: FrameBuffer, offset: number): void {
    const { u32 } = events
    const maker = this.byAccount.get(u32[(offset + MAKER_ACCOUNT) >> 2]!)
    const taker = this.byAccount.get(u32[(offset + TAKER_ACCOUNT) >> 2]!)
    if (maker !== undefined) for (const session of maker) this.fill(session, { events, offset, isTaker: false })
    if (taker !== undefined) for (const session of taker) this.fill(session, { events, offset, isTaker: true })
  }

  private fill(session: EntrySession, { events, offset, isTaker }: { events: FrameBuffer; offset: number; isTaker: boolean }): void {
    const request = session.requestOf(events.sequence(offset))
    writeFill({ outbox: session.outbox, events, offset, request }, isTaker, this.catalog())
  }
}
