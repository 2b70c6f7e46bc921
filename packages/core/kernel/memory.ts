/** Rows, tables and registers as they lie in the engine's memory: see `values/row-memory.ts` and `values/memory-table.ts`. */
import { DIRECTORY, POOL_FREE, POOL_LIVE, POOL_NEXT, POOL_PAGE_END, TABLE_COUNT, TABLE_FIRST, TABLE_MASK } from './layouts'

/** A row by its reference. */
@inline
export function at(reference: i32): usize {
  return <usize>reference << 3
}

/** The reference of a row. */
@inline
export function referenceOf(row: usize): i32 {
  return <i32>(row >>> 3)
}

/** Fields of a row: whole numbers of 64 and of 32 bits, and doubles. */
@inline
export function long(row: usize, field: usize): i64 {
  return load<i64>(row + (field << 3))
}

@inline
export function setLong(row: usize, field: usize, value: i64): void {
  store<i64>(row + (field << 3), value)
}

@inline
export function int(row: usize, field: usize): i32 {
  return load<i32>(row + (field << 2))
}

@inline
export function setInt(row: usize, field: usize, value: i32): void {
  store<i32>(row + (field << 2), value)
}

@inline
export function double(row: usize, field: usize): f64 {
  return load<f64>(row + (field << 3))
}

@inline
export function setDouble(row: usize, field: usize, value: f64): void {
  store<f64>(row + (field << 3), value)
}

/** A number that the engine and the kernel tell each other. */
@inline
export function told(entry: usize): i32 {
  return load<i32>((DIRECTORY << 3) + (entry << 2))
}

@inline
export function tell(entry: usize, value: i32): void {
  store<i32>((DIRECTORY << 3) + (entry << 2), value)
}

/** Where the numbers of a pool or a table stand. */
@inline
export function registersOf(entry: usize): usize {
  return <usize>told(entry) << 2
}

@inline
export function hasFreeRow(pool: usize): bool {
  return int(pool, POOL_FREE) != 0 || int(pool, POOL_NEXT) != int(pool, POOL_PAGE_END)
}

@inline
export function freshWords(pool: usize): i32 {
  return int(pool, POOL_PAGE_END) - int(pool, POOL_NEXT)
}

/** @param link the field that chains released rows. */
@inline
export function takeRow(pool: usize, words: i32, link: usize): usize {
  setInt(pool, POOL_LIVE, int(pool, POOL_LIVE) + 1)
  const free = int(pool, POOL_FREE)
  if (free != 0) {
    setInt(pool, POOL_FREE, int(at(free), link))
    return at(free)
  }
  const fresh = int(pool, POOL_NEXT)
  setInt(pool, POOL_NEXT, fresh + words)
  return at(fresh)
}

@inline
export function releaseRow(pool: usize, row: usize, link: usize): void {
  setInt(pool, POOL_LIVE, int(pool, POOL_LIVE) - 1)
  setInt(row, link, int(pool, POOL_FREE))
  setInt(pool, POOL_FREE, referenceOf(row))
}

/** Where the head for a number stands. */
@inline
export function headOf(table: usize, number: i32): usize {
  return <usize>(int(table, TABLE_FIRST) + (number & int(table, TABLE_MASK))) << 2
}

@inline
export function hasRoomForOne(table: usize): bool {
  return (int(table, TABLE_COUNT) + 1) * 2 <= int(table, TABLE_MASK)
}

@inline
export function count(table: usize, more: i32): void {
  setInt(table, TABLE_COUNT, int(table, TABLE_COUNT) + more)
}
