/** Writes down what happened to an account, in the transaction in which it happens: audit log, mail, hold of withdrawals. */
import type { Knex } from 'knex'
import type { AuditLog } from '../audit/audit-log.js'
import type { MailOutbox } from '../mail/mail-outbox.js'
import type { MailTemplate } from '../mail/mail-texts.js'
import { renderMail, type MailBrand } from '../mail/render-mail.js'
import type { OneTimeTokens } from '../one-time-tokens.js'
import { deviceLabel } from './device-label.js'
import { SECURITY_EVENTS, type SecurityEvent, type SecurityEventRule } from './security-events.js'

export interface SecurityJournalOptions {
  readonly knex: Knex
  readonly audit: AuditLog
  readonly outbox: MailOutbox
  readonly tokens: OneTimeTokens
  brand(): MailBrand
  /** Where people reach the exchange: `https://exchange.example`. */
  origin(): string
  /** How long withdrawals wait after a change that could be a thief's. */
  readonly withdrawalHoldMs: number
  now(): number
}

/** Notes an event in the transaction of its cause. */
export type Note = (event: SecurityEvent) => Promise<void>

interface Told {
  readonly template: MailTemplate
  readonly link: SecurityEventRule['link']
  readonly timestampMs: number
  readonly heldUntilMs: number | undefined
  readonly device: string | undefined
}

interface RecipientRow {
  email: string
  language: string | null
  anti_phishing_code: string | null
}

export class SecurityJournal {
  private readonly listeners = new Set<(userId: string) => void>()

  constructor(private readonly options: SecurityJournalOptions) {}

  /** Changes something about accounts together with what is noted about it; mails leave once it is committed. */
  async change<Result>(work: (trx: Knex.Transaction, note: Note) => Promise<Result>): Promise<Result> {
    const noted = new Set<string>()
    const result = await this.options.knex.transaction(async (trx) => {
      await this.options.audit.takeTurn(trx)
      return work(trx, async (event) => {
        noted.add(event.userId)
        await this.note(trx, event)
      })
    })
    for (const userId of noted) this.changed(userId)
    if (noted.size > 0) this.options.outbox.wake()
    return result
  }

  /** Notes an event unless one of the same cause has been noted before. */
  async noteOnce(event: SecurityEvent & { readonly cause: string }): Promise<void> {
    await this.change(async (trx, note) => {
      if ((await trx('mails').where({ mail_id: event.cause }).first('mail_id')) === undefined) await note(event)
    })
  }

  /** Lets everybody forget what they remember of a person. */
  changed(userId: string): void {
    for (const listener of [...this.listeners]) listener(userId)
  }

  /** Calls the listener after something about a person has changed; returns the function that stops that. */
  onChange(listener: (userId: string) => void): () => void {
    this.listeners.add(listener)
    return () => this.listeners.delete(listener)
  }

  private async note(trx: Knex.Transaction, event: SecurityEvent): Promise<void> {
    const { now, audit, withdrawalHoldMs } = this.options
    const rule: SecurityEventRule = SECURITY_EVENTS[event.event]
    const timestampMs = now()
    const { userId, details = {}, origin } = event
    const device = origin?.userAgent === undefined ? undefined : deviceLabel(origin.userAgent)
    await audit.append(trx, {
      timestampMs,
      actor: event.actor ?? userId,
      action: event.event,
      subject: userId,
      details: { ...details, ...(origin !== undefined && { address: origin.address }), ...(device !== undefined && { device }) },
    })
    const heldUntilMs = rule.holdsWithdrawals === true && withdrawalHoldMs > 0 ? timestampMs + withdrawalHoldMs : undefined
    if (heldUntilMs !== undefined) await trx('user_security').where({ user_id: userId }).update({ withdrawals_held_until_ms: heldUntilMs })
    if (rule.mail !== undefined) await this.tell(trx, event, { template: rule.mail, link: rule.link, timestampMs, heldUntilMs, device })
  }

  private async tell(trx: Knex.Transaction, event: SecurityEvent, { template, link, timestampMs, heldUntilMs, device }: Told): Promise<void> {
    const { outbox, brand } = this.options
    const person = await trx('users').leftJoin('user_security', 'user_security.user_id', 'users.user_id').where('users.user_id', event.userId).first<RecipientRow | undefined>('users.email', 'user_security.language', 'user_security.anti_phishing_code')
    if (person === undefined) return
    const actionUrl = link === undefined ? undefined : await this.link(trx, link, event.userId)
    // Whoever asked for a link proves by it who they are; a frozen account cannot be frozen again.
    const freezeUrl = link === undefined && event.event !== 'account.frozen' ? await this.link(trx, 'freeze-account', event.userId) : undefined
    const mail = renderMail(
      {
        template,
        language: person.language ?? undefined,
        antiPhishingCode: person.anti_phishing_code ?? undefined,
        values: event.details ?? {},
        ...(actionUrl !== undefined && { actionUrl }),
        ...(freezeUrl !== undefined && { freezeUrl }),
        ...(heldUntilMs !== undefined && { heldUntilMs }),
        facts: { timeMs: timestampMs, device, address: event.origin?.address },
      },
      brand(),
    )
    await outbox.queue(trx, { recipient: person.email, template, ...mail, ...(event.cause !== undefined && { cause: event.cause }) })
  }

  /** A page of the exchange with a new secret, which replaces the one before; it stands behind `#`, where no server and no log sees it. */
  private async link(trx: Knex.Transaction, purpose: 'verify-email' | 'reset-password' | 'freeze-account', userId: string): Promise<string> {
    const { tokens, origin } = this.options
    // Links to freeze stand in many mails, and each has to work.
    if (purpose !== 'freeze-account') await tokens.cancel(trx, purpose, userId)
    return `${origin()}/${purpose}#${await tokens.issue(trx, { purpose, userId })}`
  }
}
