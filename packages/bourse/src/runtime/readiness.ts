/** Whether an exchange can serve: what `/ready` looks at. */
import type { Readiness } from '@bourse/api'
import type { ExchangeStatus } from '@bourse/exchange'

export interface ReadinessSources {
  readonly status: () => Pick<ExchangeStatus, 'halted' | 'readOnly'>
  /** Resolves when the database answers. */
  readonly askDatabase: () => Promise<unknown>
  /** A database that takes longer than this does not answer. Default 2,000. */
  readonly databaseTimeoutMs?: number
}

/** Looks at the engine, the journal and the database. */
export async function readinessOf({ status, askDatabase, databaseTimeoutMs = 2_000 }: ReadinessSources): Promise<Readiness> {
  const { halted, readOnly } = status()
  const checks = {
    engine: halted === undefined ? 'ok' : 'halted',
    journal: halted !== undefined ? 'stopped' : readOnly === undefined ? 'ok' : 'read-only',
    database: (await answers(askDatabase, databaseTimeoutMs)) ? 'ok' : 'unreachable',
  }
  return { ready: Object.values(checks).every((word) => word === 'ok'), checks }
}

async function answers(ask: () => Promise<unknown>, timeoutMs: number): Promise<boolean> {
  let timer: NodeJS.Timeout | undefined
  const tooLate = new Promise<false>((resolve) => {
    timer = setTimeout(() => resolve(false), timeoutMs)
  })
  try {
    return await Promise.race([ask().then(() => true, () => false), tooLate])
  } finally {
    clearTimeout(timer)
  }
}
