/** The accounts: names, kinds and groups; the number of an account is its row. */
import { TextIndex, wordsOfText } from '../values/text-index.js'
import { TypedRows } from '../values/typed-rows.js'
import { ACCOUNT_KINDS, FEES_ACCOUNT, WORLD_ACCOUNT } from '../domain/vocabulary.js'

const ACCOUNT_WORDS = 2
/** 32-bit fields, counted in 32-bit words from the row's start. */
const KIND = 0
const GROUP = 1
const FIRST_SEAT = 2
const LAST_SEAT = 3

/** Numbers of the accounts that every engine is born with. */
export const WORLD = 0
export const FEES = 1

export const KIND_SYSTEM = ACCOUNT_KINDS.indexOf('system')
export const KIND_WORLD = ACCOUNT_KINDS.indexOf('world')

export class Accounts extends TypedRows {
  /** Rows are account numbers plus 1. */
  private readonly names = new TextIndex()
  /** Rows are group numbers. */
  private readonly groups = new TextIndex()
  groupCount = 0

  constructor() {
    super(ACCOUNT_WORDS, 64, 0)
  }

  /** Opens the two accounts that every engine is born with. */
  openBirthAccounts(): void {
    for (const [name, kind] of [
      [WORLD_ACCOUNT, KIND_WORLD],
      [FEES_ACCOUNT, KIND_SYSTEM],
    ] as const) {
      const words = wordsOfText(name)!
      this.open({ names: words, nameAt: 0, groups: words, groupAt: 0, kind })
    }
  }

  get count(): number {
    return this.end
  }

  /** The number of a name, or -1. */
  find(words: Uint32Array, at: number): number {
    return this.names.find(words, at, 0) - 1
  }

  /** Opens an account whose name is not taken. @returns its number. */
  open(account: { names: Uint32Array; nameAt: number; groups: Uint32Array; groupAt: number; kind: number }): number {
    const id = this.add()
    this.names.insert(id + 1, account.names, account.nameAt, 0)
    this.i32[id * 2 * ACCOUNT_WORDS + KIND] = account.kind
    this.i32[id * 2 * ACCOUNT_WORDS + GROUP] = this.groupOf(account.groups, account.groupAt)
    return id
  }

  kind(id: number): number {
    return this.i32[id * 2 * ACCOUNT_WORDS + KIND]!
  }

  group(id: number): number {
    return this.i32[id * 2 * ACCOUNT_WORDS + GROUP]!
  }

  /** The account's seat in its lowest market; see `seats.ts`. */
  firstSeat(id: number): number {
    return this.i32[id * 2 * ACCOUNT_WORDS + FIRST_SEAT]!
  }

  setFirstSeat(id: number, seat: number): void {
    this.i32[id * 2 * ACCOUNT_WORDS + FIRST_SEAT] = seat
  }

  /** The seat that was looked up last: saves most searches. */
  lastSeat(id: number): number {
    return this.i32[id * 2 * ACCOUNT_WORDS + LAST_SEAT]!
  }

  setLastSeat(id: number, seat: number): void {
    this.i32[id * 2 * ACCOUNT_WORDS + LAST_SEAT] = seat
  }

  name(id: number): string {
    return this.names.text(id + 1)
  }

  copyName(id: number, words: Uint32Array, at: number): void {
    this.names.copyTo(id + 1, words, at)
  }

  copyGroup(id: number, words: Uint32Array, at: number): void {
    this.copyGroupName(this.group(id), words, at)
  }

  /** `group` counts from 1, in order of first use. */
  copyGroupName(group: number, words: Uint32Array, at: number): void {
    this.groups.copyTo(group, words, at)
  }

  private groupOf(words: Uint32Array, at: number): number {
    const found = this.groups.find(words, at, 0)
    if (found !== 0) return found
    const group = ++this.groupCount
    this.groups.insert(group, words, at, 0)
    return group
  }
}
