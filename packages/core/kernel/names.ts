/** The client order ids of live orders, as `engine/order-names.ts` keeps them; hashes as in `values/text-words.ts`. */
import { NAMES, NO_TEXT, ORDER_NAME, ORDER_NAME_HASH, ORDER_NAME_NEXT, ORDER_SEAT, ROW_BITS, SEAT_ACCOUNT, SEVERAL, TAG_SHIFT, TEXT_BIT, TEXT_HASH_BITS, TEXT_WORDS } from './layouts'
import { at, count, headOf, int, referenceOf, registersOf, setInt } from './memory'

const EVEN: i32 = 0x9e3779b1
const ODD: i32 = 0xc2b2ae35
const MIXER: i32 = 0x85ebca6b
const HIGH_BITS: u64 = 0x8080808080808080
/** Texts of up to so many bytes may be plain numbers, which TypeScript looks after. */
const NUMBER_BYTES: usize = 16

/** The hash of an account's text; `NO_TEXT` where the bytes are no text. */
export function nameHash(account: i32, text: usize): i32 {
  const a = load<u64>(text)
  const b = load<u64>(text, 8)
  const c = load<u64>(text, 16)
  const d = load<u64>(text, 24)
  const e = load<u32>(text, 32)
  const flaws = flaw(a) | flaw(b) | flaw(c) | flaw(d) | flaw((<u64>e << 32) | e)
  let hash: i32
  if ((flaws & HIGH_BITS) != 0) {
    hash = shortTextHash(text)
    if (hash == NO_TEXT) return NO_TEXT
  } else {
    const even = ((((low(a) * EVEN) ^ low(b)) * EVEN ^ low(c)) * EVEN ^ low(d)) * EVEN ^ <i32>e
    const odd = ((((high(a) * ODD) ^ high(b)) * ODD ^ high(c)) * ODD ^ high(d)) * ODD
    hash = finished(even ^ rotl<i32>(odd, 15))
  }
  const mixed = (hash ^ ((account + 1) * EVEN)) * ODD
  return ((mixed ^ (mixed >>> 15)) & TEXT_HASH_BITS) | TEXT_BIT
}

/** Whether a text may be read as an order id, which names an order without a name of its own. */
@inline
export function mayBeNumber(text: usize): bool {
  return load<u32>(text, NUMBER_BYTES) == 0 && load<u8>(text) - 0x30 < 10
}

/** The order that the account knows by the text, or 0. */
export function findNamed(hash: i32, account: i32, text: usize): usize {
  let order = at(load<i32>(headOf(registersOf(NAMES), hash)) & ROW_BITS)
  while (order != 0 && !(int(order, ORDER_NAME_HASH) == hash && isNamed(order, account, text))) order = at(int(order, ORDER_NAME_NEXT) & ROW_BITS)
  return order
}

/** Whether the text is nobody's name; a look at the head of the chain tells of most. */
@inline
export function isFree(hash: i32, account: i32, text: usize): bool {
  const tag = load<u32>(headOf(registersOf(NAMES), hash)) >>> TAG_SHIFT
  return (tag != SEVERAL && tag != tagOf(hash)) || findNamed(hash, account, text) == 0
}

/** Lists an order whose seat is set under a free name. */
@inline
export function insertName(order: usize, hash: i32, text: usize): void {
  const table = registersOf(NAMES)
  count(table, 1)
  const name = order + (ORDER_NAME << 3)
  store<i64>(name, load<i64>(text))
  store<i64>(name, load<i64>(text, 8), 8)
  store<i64>(name, load<i64>(text, 16), 16)
  store<i64>(name, load<i64>(text, 24), 24)
  store<i64>(name, load<u32>(text, 32), 32)
  setInt(order, ORDER_NAME_HASH, hash)
  const place = headOf(table, hash)
  const head = load<i32>(place)
  setInt(order, ORDER_NAME_NEXT, head & ROW_BITS)
  store<i32>(place, referenceOf(order) | ((head == 0 ? tagOf(hash) : SEVERAL) << TAG_SHIFT))
}

@inline
export function removeName(order: usize): void {
  const table = registersOf(NAMES)
  const place = headOf(table, int(order, ORDER_NAME_HASH))
  const next = int(order, ORDER_NAME_NEXT)
  count(table, -1)
  let before = at(load<i32>(place) & ROW_BITS)
  if (before == order) {
    store<i32>(place, next == 0 ? 0 : next | (SEVERAL << TAG_SHIFT))
    return
  }
  while (at(int(before, ORDER_NAME_NEXT)) != order) before = at(int(before, ORDER_NAME_NEXT))
  setInt(before, ORDER_NAME_NEXT, next)
}

function isNamed(order: usize, account: i32, text: usize): bool {
  if (int(at(int(order, ORDER_SEAT)), SEAT_ACCOUNT) != account) return false
  const name = order + (ORDER_NAME << 3)
  for (let byte = 0; byte < TEXT_WORDS << 2; byte += 4) if (load<i32>(name + byte) != load<i32>(text + byte)) return false
  return true
}

/** Texts of up to 35 characters. */
function shortTextHash(text: usize): i32 {
  let hash: i32 = 0x2f0b4c47
  let word = text
  const end = text + (TEXT_WORDS << 2)
  for (; word < end; word += 4) {
    const four = load<u32>(word)
    if ((flaw((<u64>four << 32) | four) & HIGH_BITS) != 0) break
    hash = rotl<i32>((hash ^ <i32>four) * EVEN, 15)
  }
  const last = load<u32>(word)
  if (!isEndOfText(last) || (word == text && last == 0)) return NO_TEXT
  for (let rest = word + 4; rest < end; rest += 4) if (load<u32>(rest) != 0) return NO_TEXT
  return finished((hash ^ <i32>last) * EVEN)
}

@inline
function finished(hash: i32): i32 {
  const mixed = (hash ^ <i32>(<u32>hash >>> 15)) * MIXER
  return ((mixed ^ <i32>(<u32>mixed >>> 13)) & TEXT_HASH_BITS) | TEXT_BIT
}

@inline
function tagOf(hash: i32): i32 {
  return 1 + (((((hash >>> 26) & 7) * 6) >> 3))
}

/** High bits are set where not all bytes are printable, 0x21 to 0x7e: the lowest byte outside sets its own. */
@inline
function flaw(bytes: u64): u64 {
  return bytes | (bytes + 0x0101010101010101) | (bytes - 0x2121212121212121)
}

function isEndOfText(four: u32): bool {
  for (let rest = four; rest != 0; rest >>>= 8) {
    const code = rest & 0xff
    if (code < 0x21 || code > 0x7e) return false
  }
  return true
}

@inline
function low(bytes: u64): i32 {
  return <i32>bytes
}

@inline
function high(bytes: u64): i32 {
  return <i32>(bytes >>> 32)
}
