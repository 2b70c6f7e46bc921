/** Puts a mail into words: subject, plain text and HTML, in the reader's language and with their anti-phishing code. */
import Handlebars from 'handlebars'
import { mailText, type BrandTexts, type MailTemplate } from './mail-texts.js'
import type { MailTextKey } from './texts-en.js'

/** What an exchange says of itself in its mails. */
export interface MailBrand {
  readonly name: string
  readonly defaultLanguage: string
  readonly texts: BrandTexts
}

/** What is to be said; the words come from the texts. */
export interface MailContent {
  readonly template: MailTemplate
  /** Absent: the brand's. */
  readonly language?: string | undefined
  /** Stands in every mail. */
  readonly antiPhishingCode?: string | undefined
  /** What the body's `{{name}}` stand for. */
  readonly values?: Readonly<Record<string, string>>
  /** Where the button leads, for templates that have one. */
  readonly actionUrl?: string
  readonly freezeUrl?: string
  /** Milliseconds since 1970 until which withdrawals are held because of this. */
  readonly heldUntilMs?: number
  readonly facts?: { readonly timeMs: number; readonly device?: string | undefined; readonly address?: string | undefined }
}

export interface RenderedMail {
  readonly subject: string
  readonly text: string
  readonly html: string
}

const MAX_VALUE_LENGTH = 200

/** Mail programs know no style sheets: every style stands at its element. Everything that is put in is escaped. */
const LAYOUT = Handlebars.compile(`<!doctype html>
<html lang="{{language}}"><head><meta charset="utf-8"><meta name="color-scheme" content="light dark"><title>{{subject}}</title></head>
<body style="margin:0;padding:24px 12px;background:#eef1f5;color:#141a24;font:15px/1.5 -apple-system,'Segoe UI',Roboto,Arial,sans-serif">
<div style="max-width:520px;margin:0 auto;padding:28px;background:#ffffff;border:1px solid #dfe4ec;border-radius:12px">
<p style="margin:0 0 4px;color:#586477;font-weight:600">{{brand}}</p>
<h1 style="margin:0 0 16px;font-size:20px;line-height:1.3">{{subject}}</h1>
<p style="margin:0 0 16px;overflow-wrap:anywhere">{{body}}</p>
{{#if held}}<p style="margin:0 0 16px">{{held}}</p>{{/if}}
{{#if facts.length}}<table role="presentation" style="margin:0 0 16px;border-spacing:0">{{#each facts}}<tr><td style="padding:2px 16px 2px 0;color:#586477">{{label}}</td><td style="padding:2px 0">{{value}}</td></tr>{{/each}}</table>{{/if}}
{{#if actionUrl}}<p style="margin:20px 0"><a href="{{actionUrl}}" style="display:inline-block;padding:11px 20px;border-radius:8px;background:#3a57d6;color:#ffffff;text-decoration:none;font-weight:600">{{action}}</a></p><p style="margin:0 0 16px;color:#586477;font-size:13px;overflow-wrap:anywhere">{{actionUrl}}</p>{{/if}}
{{#if freezeUrl}}<p style="margin:0 0 16px"><a href="{{freezeUrl}}" style="color:#c8233d;font-weight:600">{{freeze}}</a></p>{{/if}}
<p style="margin:20px 0 0;padding-top:14px;border-top:1px solid #dfe4ec;font-size:13px"><span style="color:#586477">{{codeLabel}}:</span> <b>{{code}}</b></p>
<p style="margin:8px 0 0;color:#586477;font-size:12px">{{footer}}</p>
</div></body></html>
`)

/** Renders a mail. Values come from anywhere (names of devices, labels of keys): they are cut, cleaned and escaped. */
export function renderMail(content: MailContent, brand: MailBrand): RenderedMail {
  const language = content.language ?? brand.defaultLanguage
  const values = { brand: brand.name, ...Object.fromEntries(Object.entries(content.values ?? {}).map(([name, value]) => [name, cleaned(value)])) }
  const say = (key: MailTextKey, more: Readonly<Record<string, string>> = {}): string => Handlebars.compile(mailText(key, language, brand.texts), { noEscape: true })({ ...values, ...more })
  const moment = (timeMs: number): string => `${new Date(timeMs).toISOString().slice(0, 16).replace('T', ' ')} UTC`
  const { template, facts } = content
  const parts = {
    language,
    brand: brand.name,
    subject: say(`${template}.subject`),
    body: say(`${template}.body`),
    held: content.heldUntilMs === undefined ? undefined : say('frame.held', { until: moment(content.heldUntilMs) }),
    facts: facts === undefined ? [] : [
      { label: say('fact.time'), value: moment(facts.timeMs) },
      ...(facts.device === undefined ? [] : [{ label: say('fact.device'), value: cleaned(facts.device) }]),
      ...(facts.address === undefined ? [] : [{ label: say('fact.address'), value: cleaned(facts.address) }]),
    ],
    actionUrl: content.actionUrl,
    action: template === 'verify_email' || template === 'reset_password' ? say(`${template}.action`) : undefined,
    freezeUrl: content.freezeUrl,
    freeze: say('frame.freeze'),
    codeLabel: say('frame.codeIs'),
    code: content.antiPhishingCode === undefined ? say('frame.codeMissing') : cleaned(content.antiPhishingCode),
    footer: say('frame.footer'),
  }
  const lines = [
    parts.body,
    parts.held,
    parts.facts.map(({ label, value }) => `${label}: ${value}`).join('\n'),
    parts.actionUrl === undefined ? undefined : `${parts.action}:\n${parts.actionUrl}`,
    parts.freezeUrl === undefined ? undefined : `${parts.freeze}:\n${parts.freezeUrl}`,
    `${parts.codeLabel}: ${parts.code}`,
    parts.footer,
  ]
  return { subject: `${brand.name}: ${parts.subject}`, text: `${lines.filter((line) => line !== undefined && line !== '').join('\n\n')}\n`, html: LAYOUT(parts) }
}

/** One line without control characters, of bounded length. */
function cleaned(value: string): string {
  const line = value.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]+/gu, ' ').trim()
  return line.length > MAX_VALUE_LENGTH ? `${line.slice(0, MAX_VALUE_LENGTH)}…` : line
}
