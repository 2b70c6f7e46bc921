/** Finds the commands between which a stretch of time lies in one account's rows, whose times rise with their sequences. */
import type { Knex } from 'knex'

const US_PER_MS = 1_000

export interface TimedRows {
  readonly table: string
  readonly sequence: string
  readonly timeUs: string
}

export interface TimeRange {
  /** Both inclusive. */
  readonly fromMs?: number | undefined
  readonly toMs?: number | undefined
}

export interface SequenceRange {
  readonly from: number
  /** Exclusive. */
  readonly before: number
}

/** The sequences of the rows within the range; undefined where no time is asked for. */
export async function sequenceRange(knex: Knex, rows: TimedRows, account: number, { fromMs, toMs }: TimeRange): Promise<SequenceRange | undefined> {
  if (fromMs === undefined && toMs === undefined) return undefined
  const from = fromMs === undefined ? 0 : await firstSequenceAt(knex, rows, { account, timeUs: fromMs * US_PER_MS })
  const before = toMs === undefined ? Number.MAX_SAFE_INTEGER : await firstSequenceAt(knex, rows, { account, timeUs: (toMs + 1) * US_PER_MS })
  return { from, before }
}

/** The lowest sequence from which on no row of the account is older than an instant, by halving: some thirty looks into an index. */
async function firstSequenceAt(knex: Knex, { table, sequence, timeUs }: TimedRows, at: { account: number; timeUs: number }): Promise<number> {
  const look = async (from: number, order: 'asc' | 'desc'): Promise<{ sequence: number; timeUs: number } | undefined> => {
    const row: Record<string, bigint> | undefined = await knex(table).where({ account: at.account }).andWhere(sequence, '>=', from).orderBy(sequence, order).select(sequence, timeUs).first()
    return row === undefined ? undefined : { sequence: Number(row[sequence]), timeUs: Number(row[timeUs]) }
  }
  const last = await look(0, 'desc')
  if (last === undefined || last.timeUs < at.timeUs) return last === undefined ? 0 : last.sequence + 1
  let low = 0
  let high = last.sequence
  while (low < high) {
    const middle = Math.floor((low + high) / 2)
    const row = await look(middle, 'asc')
    if (row === undefined || row.timeUs >= at.timeUs) high = middle
    else low = row.sequence + 1
  }
  return low
}
