/** Sends mails through the operator's mail server. */
import { createTransport } from 'nodemailer'
import type { MailTransport } from './mail-outbox.js'

export interface SmtpOptions {
  /** `smtps://user:password@mail.example:465`, or `smtp://` for STARTTLS. */
  readonly url: string
  /** `Acme Exchange <no-reply@acme.example>` */
  readonly from: string
}

const TIMEOUT_MS = 20_000

/** @throws Error when the URL is none of SMTP. */
export function smtpTransport({ url, from }: SmtpOptions): MailTransport {
  if (!/^smtps?:\/\/./.test(url)) throw new Error('The address of the mail server must begin with smtp:// or smtps://.')
  const transport = createTransport({ url, connectionTimeout: TIMEOUT_MS, greetingTimeout: TIMEOUT_MS, socketTimeout: TIMEOUT_MS, disableFileAccess: true, disableUrlAccess: true })
  const domain = /@([^>\s]+)>?\s*$/.exec(from)?.[1] ?? 'localhost'
  return async ({ mailId, recipient, subject, text, html }) => {
    await transport.sendMail({ from, to: { name: '', address: recipient }, subject, text, html, messageId: `<${mailId}@${domain}>`, headers: { 'Auto-Submitted': 'auto-generated' } })
  }
}

/** Development: the outbox page is where the mail arrives. */
export const keepInOutbox: MailTransport = () => Promise.resolve()
