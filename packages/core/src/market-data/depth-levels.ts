/** The price levels of one side of a book: quantity by price in a hash table, put in order only when somebody looks. */

const EMPTY = -1
/** Prices that came or went are put into the sorted list one by one up to this count; beyond it the list is sorted anew. */
const MAX_PENDING = 64
const FIRST_CAPACITY = 64

/** A level as readers get it: price units, quantity units. */
export type DepthLevel = [price: bigint, quantity: bigint]

/** Which state a reader wants: as of the last event, or as of the last `MarketData.takeDepthChanges`. */
export type DepthView = 'current' | 'published'

/**
 * An event costs one look-up in a hash table keyed by the two halves of the price. A level that became empty stays, since
 * its price is likely to come again: until a reader comes upon it, or room is needed. While changes are kept it
 * stays until the next take has told so.
 */
export class DepthLevels {
  /** Levels with a quantity. */
  count = 0
  private capacity = FIRST_CAPACITY
  private used = 0
  private freeSlots: number[] = []
  /** Price and quantity by slot, side by side. */
  private rows = new BigInt64Array(FIRST_CAPACITY * 2)
  /** The same memory: the low half of a price at 4 x slot, its high half after it. */
  private halves = new Uint32Array(this.rows.buffer)
  private published = new BigInt64Array(FIRST_CAPACITY)
  private dirty = new Uint8Array(FIRST_CAPACITY)
  private table = new Int32Array(FIRST_CAPACITY * 2).fill(EMPTY)
  /** Slots touched since the last take; undefined while changes are not kept. */
  private dirtySlots: number[] | undefined
  /** Signed prices of all slots, ascending: the best is last. */
  private order = new BigInt64Array(FIRST_CAPACITY)
  private orderLength = 0
  private orderStale = false
  private pending = new BigInt64Array(MAX_PENDING)
  private pendingLength = 0

  constructor(readonly side: 'bid' | 'ask') {}

  /** Levels that there is memory for. */
  get room(): number {
    return this.capacity
  }

  /** Adds to a level; price and quantity are read from the columns of an event frame, so that no bigint is made. */
  add(words: Uint32Array, values: BigInt64Array, priceAt: number, quantityAt: number): void {
    const slot = this.slotFor(words[priceAt >> 2]!, words[(priceAt >> 2) + 1]!)
    const { rows } = this
    const before = rows[slot * 2 + 1]!
    if (before === 0n) this.count++
    rows[slot * 2 + 1] = BigInt.asIntN(64, before + values[quantityAt >> 3]!)
    if (this.dirtySlots !== undefined) this.markDirty(slot)
  }

  /** Takes from a level. A level that never held so much is a broken invariant. */
  remove(words: Uint32Array, values: BigInt64Array, priceAt: number, quantityAt: number): void {
    const slot = this.find(words[priceAt >> 2]!, words[(priceAt >> 2) + 1]!)
    if (slot === EMPTY) throw new Error(`Market data: the ${this.side} level ${String(values[priceAt >> 3])} lost quantity and does not exist. The events are not those of one engine in order.`)
    const { rows } = this
    const after = BigInt.asIntN(64, rows[slot * 2 + 1]! - values[quantityAt >> 3]!)
    if (after < 0n) throw new Error(`Market data: the ${this.side} level ${String(rows[slot * 2])} fell to ${String(after)}. The events are not those of one engine in order.`)
    rows[slot * 2 + 1] = after
    if (after === 0n) this.count--
    if (this.dirtySlots !== undefined) this.markDirty(slot)
  }

  /** The best `limit` levels, best first. */
  levels(limit: number, view: DepthView): DepthLevel[] {
    this.sort()
    const published = view === 'published' && this.dirtySlots !== undefined
    const levels: DepthLevel[] = []
    for (let i = this.orderLength - 1; i >= 0 && levels.length < limit; i--) {
      const price = this.unsigned(this.order[i]!)
      const slot = this.slotOf(price)
      const quantity = published ? this.published[slot]! : this.quantityOf(slot)
      if (quantity !== 0n) levels.push([price, quantity])
      else this.freeIdle(slot)
    }
    return levels
  }

  /** Copies price and quantity of every level to a place in other words, best first. */
  copyTo(words: BigInt64Array, at: number): void {
    this.sort()
    const { order } = this
    const price = new BigInt64Array(1)
    const halves = new Uint32Array(price.buffer)
    const isBid = this.side === 'bid'
    let place = at
    for (let i = this.orderLength - 1; i >= 0; i--) {
      if (isBid) price[0] = order[i]!
      else price[0] = BigInt.asIntN(64, -order[i]!)
      const slot = this.find(halves[0]!, halves[1]!)
      const quantity = this.quantityOf(slot)
      if (quantity === 0n) continue
      words[place] = price[0]!
      words[place + 1] = quantity
      place += 2
    }
  }

  /** Makes room for so many more levels. */
  reserve(levels: number): void {
    while (this.capacity < this.used + levels) this.enlarge()
  }

  /** Levels touched since the last take; 0 while changes are not kept. */
  get keptChanges(): number {
    return this.dirtySlots === undefined ? 0 : this.dirtySlots.length
  }

  /** Keeps changes from here on. */
  track(): void {
    this.take()
    this.dirtySlots = []
    for (let slot = 0; slot < this.used; slot++) this.published[slot] = this.quantityOf(slot)
  }

  /**
   * Levels touched since the last take, best first. Those are told too that are again what they were:
   * a reader may have begun with a state in between.
   */
  take(): DepthLevel[] {
    const slots = this.dirtySlots ?? []
    if (slots.length > 0) this.dirtySlots = []
    const changes: DepthLevel[] = []
    for (const slot of slots) {
      const quantity = this.quantityOf(slot)
      changes.push([this.priceOf(slot), quantity])
      this.published[slot] = quantity
      this.dirty[slot] = 0
      if (quantity === 0n) this.free(slot)
    }
    return changes.sort(this.side === 'bid' ? highestFirst : lowestFirst)
  }

  private markDirty(slot: number): void {
    if (this.dirty[slot] === 1) return
    this.dirty[slot] = 1
    this.dirtySlots!.push(slot)
  }

  private slotFor(low: number, high: number): number {
    const found = this.find(low, high)
    if (found !== EMPTY) return found
    if (this.used === this.capacity && this.freeSlots.length === 0) this.makeRoom()
    const slot = this.freeSlots.pop() ?? this.used++
    this.halves[slot * 4] = low
    this.halves[slot * 4 + 1] = high
    this.rows[slot * 2 + 1] = 0n
    this.published[slot] = 0n
    this.dirty[slot] = 0
    this.enter(slot)
    this.reorder(slot)
    return slot
  }

  private find(low: number, high: number): number {
    const { table, halves } = this
    const mask = table.length - 1
    for (let at = spread(low, high) & mask; ; at = (at + 1) & mask) {
      const slot = table[at]!
      if (slot === EMPTY || (halves[slot * 4] === low && halves[slot * 4 + 1] === high)) return slot
    }
  }

  private priceOf(slot: number): bigint {
    return this.rows[slot * 2]!
  }

  private quantityOf(slot: number): bigint {
    return this.rows[slot * 2 + 1]!
  }

  private slotOf(price: bigint): number {
    return this.find(Number(BigInt.asUintN(32, price)), Number(BigInt.asUintN(32, price >> 32n)))
  }

  private enter(slot: number): void {
    const { table } = this
    const mask = table.length - 1
    let at = this.home(slot) & mask
    while (table[at] !== EMPTY) at = (at + 1) & mask
    table[at] = slot
  }

  private home(slot: number): number {
    return spread(this.halves[slot * 4]!, this.halves[slot * 4 + 1]!)
  }

  /** Removes a slot and moves back those behind it that would no longer be found (linear probing without tombstones). */
  private free(slot: number): void {
    const { table } = this
    const mask = table.length - 1
    let hole = this.home(slot) & mask
    while (table[hole] !== slot) hole = (hole + 1) & mask
    for (let at = (hole + 1) & mask; table[at] !== EMPTY; at = (at + 1) & mask) {
      const home = this.home(table[at]!) & mask
      if (((at - home) & mask) < ((at - hole) & mask)) continue
      table[hole] = table[at]!
      hole = at
    }
    table[hole] = EMPTY
    this.freeSlots.push(slot)
    this.reorder(slot)
  }

  private enlarge(): void {
    this.capacity *= 2
    const rows = enlarged(this.rows, this.capacity * 2)
    this.rows = rows
    this.halves = new Uint32Array(rows.buffer)
    this.published = enlarged(this.published, this.capacity)
    const dirty = new Uint8Array(this.capacity)
    dirty.set(this.dirty)
    this.dirty = dirty
    this.table = new Int32Array(this.capacity * 2).fill(EMPTY)
    for (let slot = 0; slot < this.used; slot++) this.enter(slot)
  }

  /** Gives up the levels that are empty, unless they are so few that it would have to be done again soon. All slots are in use. */
  private makeRoom(): void {
    let idle = 0
    for (let slot = 0; slot < this.used; slot++) if (this.isIdle(slot)) idle++
    if (idle < this.capacity >> 2) this.enlarge()
    else for (let slot = 0; slot < this.used; slot++) this.freeIdle(slot)
  }

  /** Whether a level is empty and has been told of. */
  private isIdle(slot: number): boolean {
    return this.quantityOf(slot) === 0n && this.dirty[slot] === 0
  }

  private freeIdle(slot: number): void {
    if (this.isIdle(slot)) this.free(slot)
  }

  private reorder(slot: number): void {
    if (this.orderStale) return
    if (this.pendingLength === MAX_PENDING) this.orderStale = true
    else this.pending[this.pendingLength++] = this.priceOf(slot)
  }

  private sort(): void {
    if (this.orderStale) this.sortAnew()
    else for (let i = 0; i < this.pendingLength; i++) this.place(this.pending[i]!)
    this.pendingLength = 0
  }

  private sortAnew(): void {
    this.orderStale = false
    if (this.order.length < this.capacity) this.order = new BigInt64Array(this.capacity)
    let length = 0
    for (const slot of this.table) if (slot !== EMPTY) this.order[length++] = this.signed(this.priceOf(slot))
    this.order.subarray(0, length).sort()
    this.orderLength = length
  }

  /** Makes the sorted list agree with the table about one price. */
  private place(price: bigint): void {
    const key = this.signed(price)
    const { order, orderLength } = this
    let low = 0
    for (let high = orderLength; low < high; ) {
      const middle = (low + high) >> 1
      if (order[middle]! < key) low = middle + 1
      else high = middle
    }
    const listed = low < orderLength && order[low] === key
    if (listed === (this.slotOf(price) !== EMPTY)) return
    if (listed) {
      order.copyWithin(low, low + 1, orderLength)
      this.orderLength--
      return
    }
    if (orderLength === order.length) this.order = enlarged(order, orderLength * 2)
    this.order.copyWithin(low + 1, low, orderLength)
    this.order[low] = key
    this.orderLength++
  }

  private signed(price: bigint): bigint {
    return this.side === 'bid' ? price : -price
  }

  private unsigned(key: bigint): bigint {
    return this.side === 'bid' ? key : -key
  }
}

function spread(low: number, high: number): number {
  const mixed = Math.imul(low ^ Math.imul(high, 0x9e3779b1), 0x85ebca6b)
  return mixed ^ (mixed >>> 15)
}

function enlarged(values: BigInt64Array, length: number): BigInt64Array<ArrayBuffer> {
  const larger = new BigInt64Array(length)
  larger.set(values)
  return larger
}

function highestFirst(a: DepthLevel, b: DepthLevel): number {
  return a[0] > b[0] ? -1 : 1
}

function lowestFirst(a: DepthLevel, b: DepthLevel): number {
  return a[0] < b[0] ? -1 : 1
}
