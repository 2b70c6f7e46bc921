/** The deadlines of the dead-man switches, by account and market. */
import { PairIndex } from '../values/pair-index.js'
import type { RowMemory } from '../values/row-memory.js'
import { DEADLINE_ACCOUNT } from './deadline-layout.js'
import { DEADLINE_KINDS, type Deadlines } from './deadlines.js'

const KIND = DEADLINE_KINDS.indexOf('dead-man-switch')

/** The switches by account and market. Rows are made on demand and kept: a switch is mostly set again. */
export class DeadManSwitches {
  private readonly index: PairIndex

  constructor(
    memory: RowMemory,
    private readonly deadlines: Deadlines,
  ) {
    this.index = new PairIndex(memory, DEADLINE_ACCOUNT)
  }

  /** The deadline of an account for a market, `NONE_16` for all; made where there was none. */
  open(account: number, market: number): number {
    const found = this.index.find(account, market)
    if (found !== 0) return found
    const row = this.deadlines.open({ kind: KIND, account, market, order: 0 })
    this.index.insert(row)
    return row
  }
}
