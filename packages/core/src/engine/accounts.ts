/** The accounts: names, kinds and groups; the number of an account is its row. */
import { TextIndex } from '../values/text-index.js'
import { wordsOfText } from '../values/text-words.js'
import { NumberedRows } from '../values/memory-table.js'
import type { RowMemory } from '../values/row-memory.js'
import type { AccountSettings } from '../domain/catalog.js'
import type { RejectCode } from '../domain/rejects.js'
import { ACCOUNT_KINDS, ACCOUNT_PURPOSES, FEES_ACCOUNT, FREEZES, WORLD_ACCOUNT } from '../domain/vocabulary.js'
import * as accountLayout from './account-layout.js'
import { isDefaultSettings, SettingsRows } from './account-settings.js'

const { ACCOUNT_WORDS, FIRST_SEAT, GROUP, SETTINGS, STANDING } = accountLayout
/** Bits of the standing: the account has settings of its own; it may not trade; it may not pay or set aside. */
const HAS_SETTINGS = 0x100
const TRADING_FROZEN = 0x200
const TRANSFERS_FROZEN = 0x400
/** Bytes of the standing. */
const KIND_BITS = 0xff
const PURPOSE_SHIFT = 16
const PURPOSE_BITS = 0xff << PURPOSE_SHIFT
const FIXED_BITS = KIND_BITS | PURPOSE_BITS

const LEAST_ACCOUNTS = 64

/** Numbers of the accounts that every engine is born with. */
export const WORLD = 0
export const FEES = 1

export const KIND_SYSTEM = ACCOUNT_KINDS.indexOf('system')
export const KIND_WORLD = ACCOUNT_KINDS.indexOf('world')
export const PURPOSE_NONE = ACCOUNT_PURPOSES.indexOf('none')
const PURPOSE_FEES = ACCOUNT_PURPOSES.indexOf('fees')
/** Accounts that mirror what lies in wallets. */
const OF_CUSTODY: ReadonlySet<number> = new Set([ACCOUNT_PURPOSES.indexOf('omnibus'), ACCOUNT_PURPOSES.indexOf('dust')])

export class Accounts extends NumberedRows {
  /** Rows are account numbers plus 1. */
  private readonly names = new TextIndex()
  /** Rows are group numbers. */
  private readonly groups = new TextIndex()
  private readonly settingsRows = new SettingsRows()
  /** Of sub-accounts. */
  private readonly parents = new Map<number, number>()
  groupCount = 0

  constructor(memory: RowMemory) {
    super(memory, ACCOUNT_WORDS, LEAST_ACCOUNTS)
  }

  /** Opens the two accounts that every engine is born with. */
  openBirthAccounts(): void {
    for (const [name, kind, purpose] of [
      [WORLD_ACCOUNT, KIND_WORLD, PURPOSE_NONE],
      [FEES_ACCOUNT, KIND_SYSTEM, PURPOSE_FEES],
    ] as const) {
      const words = wordsOfText(name)!
      this.open({ names: words, nameAt: 0, groups: words, groupAt: 0, kind, purpose, parent: undefined })
    }
  }

  get count(): number {
    return this.end
  }

  /** The number of a name, or -1. */
  find(words: Uint32Array, at: number): number {
    return this.names.find(words, at, 0) - 1
  }

  /** Makes room for so many accounts and groups. */
  reserve(accounts: number, groups: number): void {
    this.names.reserve(accounts)
    this.groups.reserve(groups)
  }

  /** Opens an account whose name is not taken. @returns its number. */
  open(account: { names: Uint32Array; nameAt: number; groups: Uint32Array; groupAt: number; kind: number; purpose: number; parent: number | undefined }): number {
    const id = this.add()
    this.names.insert(id + 1, account.names, account.nameAt, 0)
    this.memory.i32[this.place(id) + STANDING] = account.kind | (account.purpose << PURPOSE_SHIFT)
    if (account.parent !== undefined) this.parents.set(id, account.parent)
    this.memory.i32[this.place(id) + GROUP] = this.groupOf(account.groups, account.groupAt)
    return id
  }

  kind(id: number): number {
    return this.memory.i32[this.place(id) + STANDING]! & KIND_BITS
  }

  purpose(id: number): number {
    return (this.standing(id) & PURPOSE_BITS) >> PURPOSE_SHIFT
  }

  /** The parent of a sub-account. */
  parent(id: number): number | undefined {
    return this.parents.get(id)
  }

  /** Whether one is the other's parent, or both have the same. */
  areFamily(one: number, other: number): boolean {
    return (this.parent(one) ?? one) === (this.parent(other) ?? other)
  }

  /** Why the account may place no orders; undefined where it may. */
  tradingFault(id: number): RejectCode | undefined {
    const standing = this.standing(id)
    if (standing <= KIND_SYSTEM) return undefined
    if (this.kind(id) === KIND_WORLD || OF_CUSTODY.has(this.purpose(id))) return 'not_permitted'
    return (standing & TRADING_FROZEN) !== 0 ? 'account_frozen' : undefined
  }

  /** Whether the account may neither pay nor set aside; what is set aside already may still be paid out or given back. */
  mayNotPay(id: number): boolean {
    return (this.standing(id) & TRANSFERS_FROZEN) !== 0
  }

  /** At most {@link KIND_SYSTEM} for an account that may trade and has no settings of its own: the usual case, in one comparison. */
  standing(id: number): number {
    return this.memory.i32[this.place(id) + STANDING]!
  }

  /** Whether the settings are not the default. */
  hasSettings(id: number): boolean {
    return (this.standing(id) & HAS_SETTINGS) !== 0
  }

  settings(id: number): AccountSettings {
    return this.settingsRows.read(this.memory.i32[this.place(id) + SETTINGS]!)
  }

  setSettings(id: number, settings: AccountSettings): void {
    const at = this.place(id)
    const { i32 } = this.memory
    if (i32[at + SETTINGS] === 0) i32[at + SETTINGS] = this.settingsRows.add()
    this.settingsRows.write(i32[at + SETTINGS]!, settings)
    const frozen = FREEZES.indexOf(settings.frozen)
    const freezes = ((frozen & 1) === 0 ? 0 : TRADING_FROZEN) | ((frozen & 2) === 0 ? 0 : TRANSFERS_FROZEN)
    i32[at + STANDING] = (this.standing(id) & FIXED_BITS) | (isDefaultSettings(settings) ? 0 : HAS_SETTINGS) | freezes
  }

  /** Whether its orders have fee terms of their own: a chosen asset or a referrer. */
  hasFeeTerms(id: number): boolean {
    return this.settingsRows.hasFeeTerms(this.memory.i32[this.place(id) + SETTINGS]!)
  }

  feeTier(id: number): number {
    return this.settingsRows.feeTier(this.memory.i32[this.place(id) + SETTINGS]!)
  }

  group(id: number): number {
    return this.memory.i32[this.place(id) + GROUP]!
  }

  /** The account's seat in its lowest market; see `seats.ts`. */
  firstSeat(id: number): number {
    return this.memory.i32[this.place(id) + FIRST_SEAT]!
  }

  setFirstSeat(id: number, seat: number): void {
    this.memory.i32[this.place(id) + FIRST_SEAT] = seat
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

  /** The text of the account's group. */
  groupName(id: number): string {
    return this.groups.text(this.group(id))
  }

  private groupOf(words: Uint32Array, at: number): number {
    const found = this.groups.find(words, at, 0)
    if (found !== 0) return found
    const group = ++this.groupCount
    this.groups.insert(group, words, at, 0)
    return group
  }
}
