/** The terms of a special order as a text that keeps every digit. */
import type { OrderTerms } from '@bourse/core'

/** Integers beyond 53 bits are written as texts. */
export function writeTerms(terms: OrderTerms): string {
  return JSON.stringify(terms, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}n` : value))
}

export function readTerms(text: string): OrderTerms {
  return JSON.parse(text, (_name, value: unknown) => (typeof value === 'string' && /^-?\d+n$/.test(value) ? BigInt(value.slice(0, -1)) : value)) as OrderTerms
}
