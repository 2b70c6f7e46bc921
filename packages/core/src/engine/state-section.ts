/** A part of the state while it is written: rows of a known number. */
import { TypedRows } from '../values/typed-rows.js'

/** Rows of a known number, all zero. */
export interface Section {
  readonly rows: TypedRows
  readonly u32: Uint32Array
}

export function section(words: number, count: number): Section {
  const rows = new TypedRows(words, Math.max(1, count), 0)
  rows.end = count
  return { rows, u32: new Uint32Array(rows.f64.buffer) }
}

export function bytesOf({ rows }: Section): Uint8Array {
  return new Uint8Array(rows.f64.buffer, 0, rows.end * rows.words * 8)
}
