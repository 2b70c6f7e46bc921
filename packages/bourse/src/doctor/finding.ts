/** What the doctor says about one thing that it looked at. */

export type FindingStatus = 'ok' | 'warning' | 'problem'

export interface Finding {
  /** What was looked at, for example `disk: sync`. */
  readonly check: string
  readonly status: FindingStatus
  readonly message: string
  /** What to do about it. */
  readonly remedy?: string
}

export function ok(check: string, message: string): Finding {
  return { check, status: 'ok', message }
}

export function warning(check: string, message: string, remedy: string): Finding {
  return { check, status: 'warning', message, remedy }
}

export function problem(check: string, message: string, remedy: string): Finding {
  return { check, status: 'problem', message, remedy }
}

export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
