/** Writes the part of docs/api.md that follows from the tables: run it after a change, `node --conditions=bourse-source --import tsx packages/api/test/route-table.ts`. */
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { ROUTE_TAGS, ROUTES, STREAMS, type RouteContract } from '@bourse/client'
import { errorCatalogue } from '../src/documents/error-catalogue.js'

export const DOCUMENT = fileURLToPath(new URL('../../../docs/api.md', import.meta.url))

/** The parts of the document that are written by this program, by the name between their marks. */
export function writtenParts(): Readonly<Record<string, string>> {
  return { routes: routeTables(), streams: streamTable(), errors: errorTable() }
}

/** The document with its written parts replaced. */
export function rewritten(text: string): string {
  return Object.entries(writtenParts()).reduce((page, [name, part]) => page.replace(new RegExp(`(<!-- ${name} -->\n)[^]*?(\n<!-- end of ${name} -->)`), (_all, begin: string, end: string) => `${begin}\n${part}${end}`), text)
}

function routeTables(): string {
  const routes: readonly RouteContract[] = Object.values(ROUTES)
  const tags = ROUTE_TAGS.filter((tag) => routes.some((route) => route.tag === tag))
  return tags.map((tag) => `### ${tag.charAt(0).toUpperCase()}${tag.slice(1)}\n\n| route | who | what |\n|---|---|---|\n${routes.filter((route) => route.tag === tag).map(routeRow).join('')}`).join('\n')
}

function routeRow({ method, path, access, summary, csv, needs, roles }: RouteContract): string {
  const more = [...(csv ? ['Also as CSV.'] : []), ...(needs.includes('verified') ? ['Needs a proved address.'] : []), ...(needs.includes('proof') ? ['Needs a proof.'] : []), ...(roles.length > 0 ? [`For ${roles.join(', ')}.`] : [])]
  return `| \`${method} ${path}\` | ${access === 'public' ? 'anyone' : access} | ${[summary, ...more].join(' ')} |\n`
}

function streamTable(): string {
  const rows = Object.values(STREAMS).map(({ access, summary, subscription }) => {
    const fields = Object.entries(subscription.shape).map(([name, field]) => (name === 'channel' ? `channel: '${channelOf(subscription)}'` : `${name}${field.safeParse(undefined).success ? '?' : ''}`))
    return `| \`{ ${fields.join(', ')} }\` | ${access === 'public' ? 'anyone' : access} | ${summary} |\n`
  })
  return `| subscription | who | what |\n|---|---|---|\n${rows.join('')}`
}

function channelOf(subscription: (typeof STREAMS)[keyof typeof STREAMS]['subscription']): string {
  return [...subscription.shape.channel.values][0] ?? ''
}

function errorTable(): string {
  return `| code | status | meaning |\n|---|---|---|\n${[...errorCatalogue()].map(([code, { status, meaning }]) => `| \`${code}\` | ${status} | ${meaning} |\n`).join('')}`
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(DOCUMENT, rewritten(readFileSync(DOCUMENT, 'utf8')))
