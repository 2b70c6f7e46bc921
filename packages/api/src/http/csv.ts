/** Lists as comma-separated values (RFC 4180), written page by page. */
import type { Page } from '@bourse/client'
import type { Download } from './download.js'

type Cell = string | number | boolean | null | undefined
type Item = Readonly<Record<string, unknown>>

export interface CsvOptions<Row> {
  readonly fileName: string
  /** Columns in order; each a field of the items. */
  readonly columns: readonly string[]
  /** Read before, so that what is wrong with the request can still be told. */
  readonly first: Page<Row>
  page(cursor: string): Promise<Page<Row>>
}

/** A file of the whole list: one page in memory at a time. */
export function csvDownload<Row extends object>({ fileName, columns, first, page }: CsvOptions<Row>): Download {
  async function* pieces(): AsyncGenerator<string> {
    yield `${columns.join(',')}\r\n`
    for (let part: Page<Row> | undefined = first; part !== undefined; part = part.nextCursor === null ? undefined : await page(part.nextCursor)) {
      if (part.items.length > 0) yield part.items.map((item) => csvLine(columns, Object.fromEntries(Object.entries(item)))).join('')
    }
  }
  return { download: { contentType: 'text/csv; charset=utf-8', fileName, pieces: pieces() } }
}

function csvLine(columns: readonly string[], item: Item): string {
  return `${columns.map((column) => csvCell(item[column] as Cell)).join(',')}\r\n`
}

const PLAIN_NUMBER = /^-?\d+(?:\.\d+)?$/

/** Texts that a spreadsheet would take for a formula get an apostrophe in front. */
export function csvCell(value: Cell): string {
  if (value === null || value === undefined) return ''
  const text = String(value)
  const safe = /^[=+\-@\t\r]/.test(text) && !PLAIN_NUMBER.test(text) ? `'${text}` : text
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe
}
