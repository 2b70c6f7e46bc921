/** The durable outbox: a mail is written in the transaction of its cause, sent afterwards, and tried again until it is out. */
import type { Knex } from 'knex'
import { randomUUID } from 'node:crypto'
import type { SecretBox } from '../secret-box.js'
import type { MailTemplate } from './mail-texts.js'
import type { RenderedMail } from './render-mail.js'

export interface OutgoingMail extends RenderedMail {
  /** The same at every try: a mailbox that got it twice can tell. */
  readonly mailId: string
  readonly recipient: string
}

/** Hands a mail over; resolves once somebody else answers for it. */
export type MailTransport = (mail: OutgoingMail) => Promise<void>

export interface NewMail extends RenderedMail {
  readonly recipient: string
  readonly template: MailTemplate
  /** The same cause under the same name is told once. */
  readonly cause?: string
}

/** A mail as the outbox page of development shows it. */
export interface KeptMail extends OutgoingMail {
  readonly template: MailTemplate
  readonly createdMs: number
  readonly sentMs: number | undefined
}

export interface MailOutboxOptions {
  readonly knex: Knex
  readonly secrets: Pick<SecretBox, 'seal' | 'open'>
  /** Undefined: mails wait until an exchange with a transport starts. */
  readonly transport?: MailTransport | undefined
  /** Development: content stays readable after it was sent. */
  readonly keepsContent: boolean
  now(): number
  readonly log: (message: string) => void
}

interface MailRow {
  mail_id: string
  recipient: string
  template: MailTemplate
  content: string | null
  created_ms: bigint | number | string
  due_ms: bigint | number | string | null
  attempts: bigint | number | string
  sent_ms: bigint | number | string | null
  last_error: string | null
}

const BATCH = 20
/** Whoever takes a mail has it alone for this long; after a crash another try begins then. */
const LEASE_MS = 120_000
const FIRST_RETRY_MS = 5_000
const LONGEST_RETRY_MS = 3_600_000
const LOOK_MS = 5_000
/** Mails of development that stay readable. */
const MAX_KEPT = 200
/** How long the bare fact that a mail was sent is kept. */
const REMEMBERED_MS = 90 * 24 * 3_600_000

export class MailOutbox {
  private running: Promise<void> | undefined
  private again = false
  private timer: NodeJS.Timeout | undefined
  private tellSender: () => void = () => undefined

  constructor(private readonly options: MailOutboxOptions) {}

  /** Writes a mail; it leaves after the transaction has been committed and {@link wake} was called. */
  async queue(trx: Knex, { recipient, template, cause, ...rendered }: NewMail): Promise<void> {
    const mailId = cause ?? randomUUID()
    const nowMs = this.options.now()
    const content = this.options.secrets.seal(Buffer.from(JSON.stringify(rendered)), placeOf(mailId))
    await trx('mails').insert({ mail_id: mailId, recipient, template, content, created_ms: nowMs, due_ms: nowMs, attempts: 0 }).onConflict('mail_id').ignore()
  }

  /** Begins to look for mails that are due, now and from time to time. */
  start(): void {
    this.timer ??= setInterval(() => this.wake(), LOOK_MS).unref()
    this.wake()
  }

  /** Leaves the sending to another process, which is told when there is something to send. */
  leaveTo(tellSender: () => void): void {
    this.tellSender = tellSender
  }

  /** Waits for the tries that are under way. */
  async stop(): Promise<void> {
    clearInterval(this.timer)
    this.timer = undefined
    this.again = false
    await this.running
  }

  /** Looks for mails that are due, once started; calls at the same time become one. */
  wake(): void {
    if (this.timer === undefined) return this.tellSender()
    if (this.running !== undefined) {
      this.again = true
      return
    }
    this.running = this.deliverDue()
      .catch((error: unknown) => this.options.log(`Mails could not be looked for: ${messageOf(error)}.`))
      .finally(() => {
        this.running = undefined
        if (!this.again) return
        this.again = false
        this.wake()
      })
  }

  /** Tries every mail that is due, once. */
  async deliverDue(): Promise<void> {
    const { knex, transport } = this.options
    if (transport === undefined) return
    for (;;) {
      const nowMs = this.options.now()
      const rows = await knex<MailRow>('mails').where('due_ms', '<=', nowMs).orderBy('due_ms').limit(BATCH)
      if (rows.length === 0) break
      for (const row of rows) await this.deliver(row, transport, nowMs)
    }
    await this.forgetOld()
  }

  /** The newest mails, for the outbox page of development. */
  async list(): Promise<KeptMail[]> {
    const rows = await this.options.knex<MailRow>('mails').whereNotNull('content').orderBy('created_ms', 'desc').limit(MAX_KEPT)
    return rows.map((row) => ({ ...this.mailOf(row), template: row.template, createdMs: Number(row.created_ms), sentMs: row.sent_ms === null ? undefined : Number(row.sent_ms) }))
  }

  /** Mails that wait to be sent. */
  async waiting(): Promise<number> {
    const [row] = await this.options.knex('mails').whereNotNull('due_ms').count<{ count: bigint | number | string }[]>({ count: '*' })
    return Number(row?.count ?? 0)
  }

  private async deliver(row: MailRow, transport: MailTransport, nowMs: number): Promise<void> {
    const { knex, keepsContent } = this.options
    // Of several processes that see the mail, the one whose update counts has it.
    const taken = await knex('mails').where({ mail_id: row.mail_id, due_ms: row.due_ms }).update({ due_ms: nowMs + LEASE_MS, attempts: Number(row.attempts) + 1 })
    if (taken === 0) return
    try {
      await transport(this.mailOf(row))
    } catch (error) {
      const dueMs = this.options.now() + Math.min(LONGEST_RETRY_MS, FIRST_RETRY_MS * 2 ** Number(row.attempts))
      await knex('mails').where({ mail_id: row.mail_id }).update({ due_ms: dueMs, last_error: messageOf(error).slice(0, 500) })
      this.options.log(`The mail ${row.mail_id} (${row.template}) could not be sent and is tried again at ${new Date(dueMs).toISOString()}: ${messageOf(error)}.`)
      return
    }
    await knex('mails').where({ mail_id: row.mail_id }).update({ due_ms: null, sent_ms: this.options.now(), last_error: null, ...(keepsContent ? {} : { content: null }) })
  }

  private async forgetOld(): Promise<void> {
    const { knex, keepsContent } = this.options
    await knex('mails').whereNull('due_ms').where('created_ms', '<', this.options.now() - REMEMBERED_MS).delete()
    if (!keepsContent) return
    const [oldest] = await knex<MailRow>('mails').whereNull('due_ms').orderBy('created_ms', 'desc').offset(MAX_KEPT).limit(1)
    if (oldest !== undefined) await knex('mails').whereNull('due_ms').where('created_ms', '<=', Number(oldest.created_ms)).delete()
  }

  private mailOf(row: MailRow): OutgoingMail {
    const rendered = JSON.parse(this.options.secrets.open(row.content ?? '', placeOf(row.mail_id)).toString('utf8')) as RenderedMail
    return { mailId: row.mail_id, recipient: row.recipient, ...rendered }
  }
}

export function placeOf(mailId: string): string {
  return `mail:${mailId}`
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
