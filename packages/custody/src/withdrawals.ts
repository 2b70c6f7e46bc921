/** Takes withdrawals from the balance to the chain, one durable step after another: each is paid once or not at all. */
import { decimal, FEES_ACCOUNT, formatDecimal, WORLD_ACCOUNT, type RejectCode } from '@bourse/core'
import type { AssetAdapter, BroadcastStatus, CommandPort, WithdrawalRequest } from '@bourse/plugin'
import type { Knex } from 'knex'
import { CustodyError } from './custody-error.js'
import type { WithdrawalRecord, WithdrawalState } from './custody-schema.js'
import { requireAmount, type Networks, type Route } from './networks.js'
import { toChainUnits, toLedgerUnitsRoundedUp } from './units.js'

export interface WithdrawInput {
  /** Makes the withdrawal happen once: 1 to 36 characters, unique among the account's withdrawals. */
  readonly requestId: string
  readonly asset: string
  readonly address: string
  /** Decimal string: what leaves the balance, fee included. */
  readonly amount: string
}

export interface WithdrawalsContext {
  readonly knex: Knex
  readonly commands: CommandPort
  readonly networks: Networks
  readonly now: () => number
  readonly newId: () => string
  readonly log: (message: string) => void
  /** Called after the change is durable. */
  readonly changed: (record: WithdrawalRecord) => void
}

/** Few at any time, and found by an index. */
const UNFINISHED: readonly WithdrawalState[] = ['reserving', 'unreserving', 'reserved', 'broadcast', 'settling', 'releasing']

type Changes = Partial<Pick<WithdrawalRecord, 'state' | 'txid' | 'confirmations' | 'note'>>
/** What an input comes to, in integers. */
interface Terms {
  readonly amount: bigint
  readonly fee: bigint
  readonly chainAmount: bigint
}

export class Withdrawals {
  /** The work under way on each withdrawal: steps of one never overlap. */
  private readonly turns = new Map<string, Promise<unknown>>()

  constructor(private readonly context: WithdrawalsContext) {}

  /**
   * Holds the money and records the withdrawal; paying it out goes on in the background.
   *
   * @throws CustodyError when it is refused; nothing is held then.
   */
  request(account: string, input: WithdrawInput): Promise<WithdrawalRecord> {
    return this.inTurn(turnOf(account, input.requestId), async () => {
      const known = await this.find(account, input.requestId)
      if (known !== undefined) requireSameInput(known, input)
      let record = known ?? (await this.insert(account, input))
      while (record.state === 'reserving' || record.state === 'unreserving') record = await this.step(record)
      return record
    })
  }

  /** Takes every withdrawal that is not done as far as it gets now. */
  async advance(): Promise<void> {
    const open: WithdrawalRecord[] = await this.context.knex('withdrawals').whereIn('state', UNFINISHED).orderBy('position')
    const faults: unknown[] = []
    for (const { account, request_id } of open) {
      await this.inTurn(turnOf(account, request_id), () => this.advanceOne(account, request_id)).catch((error: unknown) => faults.push(error))
    }
    // One that fails does not keep the others waiting.
    if (faults.length > 0) throw faults[0]
  }

  private async advanceOne(account: string, requestId: string): Promise<void> {
    try {
      for (let record = await this.find(account, requestId); record !== undefined; ) {
        const next: WithdrawalRecord = await this.step(record)
        if (next.state === record.state) return
        record = next
      }
    } catch (error) {
      // A refusal in the background, where nobody waits for it: the record is gone and nothing is held.
      if (!(error instanceof CustodyError)) throw error
      this.context.log(`A withdrawal that a restart interrupted was refused: ${error.message}`)
    }
  }

  private async step(record: WithdrawalRecord): Promise<WithdrawalRecord> {
    switch (record.state) {
      case 'reserving':
        return this.reserve(record)
      case 'unreserving':
        await this.endHolds(record, 'release')
        // The first hold went through, so nothing but the balance was in the way of the second.
        return this.refuse(record, 'insufficient_balance')
      case 'reserved':
        return this.broadcast(record)
      case 'broadcast':
        return this.follow(record)
      case 'settling':
        await this.endHolds(record, 'settle')
        return this.update(record, { state: 'confirmed', note: null })
      case 'releasing':
        await this.endHolds(record, 'release')
        return this.update(record, { state: 'failed' })
      case 'confirmed':
      case 'failed':
        return record
    }
  }

  private async reserve(record: WithdrawalRecord): Promise<WithdrawalRecord> {
    for (const [index, { holdId, units }] of holdsOf(record).entries()) {
      const reject = await this.hold(record, holdId, units)
      if (reject === undefined) continue
      if (index === 0) return this.refuse(record, reject)
      return this.update(record, { state: 'unreserving' })
    }
    return this.update(record, { state: 'reserved' })
  }

  /** @returns why the engine refused, or undefined when the money is held. */
  private async hold(record: WithdrawalRecord, holdId: string, units: bigint): Promise<RejectCode | undefined> {
    const { account, asset } = record
    const result = await this.context.commands.submit({ type: 'ledger.hold', holdId, account, asset, amount: formatDecimal(units, Number(record.scale)) })
    // The same hold again, after a crash, is answered like the first.
    return result.ok ? undefined : result.reject.code
  }

  /** Pays the holds out or gives them back. The state was recorded before: a hold that is gone has gone this way. */
  private async endHolds(record: WithdrawalRecord, end: 'settle' | 'release'): Promise<void> {
    for (const { holdId, to } of holdsOf(record)) {
      const result = await this.context.commands.submit(end === 'settle' ? { type: 'ledger.settle', holdId, to } : { type: 'ledger.release', holdId })
      if (result.ok || result.reject.code === 'unknown_hold') continue
      throw new Error(`Withdrawal ${record.withdrawal_id}: the ledger refused to ${end} ${holdId} (${result.reject.code}).`)
    }
  }

  /** Forgets a withdrawal for which nothing is held. */
  private async refuse(record: WithdrawalRecord, code: RejectCode): Promise<never> {
    await this.context.knex('withdrawals').where({ withdrawal_id: record.withdrawal_id }).delete()
    const message = code === 'insufficient_balance' ? `The available balance of ${record.asset} is smaller than the amount.` : `The ledger refused the withdrawal (${code}).`
    throw new CustodyError(code, message, 'amount')
  }

  private async broadcast(record: WithdrawalRecord): Promise<WithdrawalRecord> {
    const adapter = this.context.networks.find(record.asset)?.adapter
    if (adapter === undefined) return this.wait(record, `no asset adapter serves ${record.asset}`)
    const request = requestOf(record)
    let fault: unknown
    const sent = await adapter.broadcast(request).catch((error: unknown) => void (fault = error))
    if (sent !== undefined) return this.update(record, { state: 'broadcast', txid: sent.txid, note: null })
    // It may have been sent all the same: only the chain's own word that it failed for good frees the money.
    const status = await statusOf(adapter, request)
    if (status.state === 'failed') return this.update(record, { state: 'releasing', note: status.reason })
    return this.wait(record, messageOf(fault))
  }

  private async follow(record: WithdrawalRecord): Promise<WithdrawalRecord> {
    const adapter = this.context.networks.find(record.asset)?.adapter
    if (adapter === undefined) return this.wait(record, `no asset adapter serves ${record.asset}`)
    const status = await statusOf(adapter, requestOf(record))
    switch (status.state) {
      case 'unreachable':
        return this.wait(record, status.reason)
      case 'unknown':
        return this.broadcast(record)
      case 'failed':
        return this.update(record, { state: 'releasing', note: status.reason })
      case 'confirmed':
        return this.update(record, { state: 'settling', txid: status.txid, confirmations: status.confirmations, note: null })
      case 'pending':
        if (status.confirmations === Number(record.confirmations) && status.txid === record.txid) return record
        return this.update(record, { txid: status.txid, confirmations: status.confirmations, note: null })
    }
  }

  /** Notes once why a withdrawal does not go on; it is tried again. */
  private async wait(record: WithdrawalRecord, reason: string): Promise<WithdrawalRecord> {
    if (record.note === reason) return record
    this.context.log(`Withdrawal ${record.withdrawal_id} of ${record.asset} waits: ${reason}. Its money stays held and it is tried again.`)
    return this.update(record, { note: reason })
  }

  private async find(account: string, requestId: string): Promise<WithdrawalRecord | undefined> {
    return await this.context.knex('withdrawals').where({ account, request_id: requestId }).first()
  }

  private async insert(account: string, input: WithdrawInput): Promise<WithdrawalRecord> {
    const { requestId, asset, address } = input
    if (!/^[\x21-\x7e]{1,36}$/.test(requestId)) throw new CustodyError('invalid_request', 'The requestId must be 1 to 36 printable ASCII characters without spaces.', 'requestId')
    const route = this.context.networks.require(asset, 'withdraw')
    const { amount, fee, chainAmount } = termsOf(route, input.amount)
    if (!route.adapter.isValidAddress(asset, address)) throw new CustodyError('invalid_address', `"${address}" is not a ${asset} address of ${route.facts.network}. Check it for typing errors.`, 'address')
    const nowMs = this.context.now()
    const record: Omit<WithdrawalRecord, 'position'> = {
      withdrawal_id: `w-${this.context.newId()}`,
      account,
      request_id: requestId,
      asset,
      address,
      amount: String(amount),
      fee: String(fee),
      chain_amount: String(chainAmount),
      scale: route.asset.scale,
      state: 'reserving',
      txid: null,
      confirmations: 0,
      note: null,
      created_ms: nowMs,
      updated_ms: nowMs,
    }
    await this.context.knex('withdrawals').insert(record)
    return (await this.find(account, requestId))!
  }

  private async update(record: WithdrawalRecord, changes: Changes): Promise<WithdrawalRecord> {
    const stored = { ...changes, updated_ms: this.context.now() }
    await this.context.knex('withdrawals').where({ withdrawal_id: record.withdrawal_id }).update(stored)
    const next: WithdrawalRecord = { ...record, ...stored }
    if (next.state !== 'unreserving') this.context.changed(next)
    return next
  }

  private inTurn<Result>(key: string, work: () => Promise<Result>): Promise<Result> {
    const before = this.turns.get(key) ?? Promise.resolve()
    const turn = before.then(work, work)
    const settled = turn.then(
      () => undefined,
      () => undefined,
    )
    this.turns.set(key, settled)
    void settled.then(() => {
      if (this.turns.get(key) === settled) this.turns.delete(key)
    })
    return turn
  }
}

async function statusOf(adapter: AssetAdapter, request: WithdrawalRequest): Promise<BroadcastStatus | { readonly state: 'unreachable'; readonly reason: string }> {
  try {
    return await adapter.status(request)
  } catch (error) {
    return { state: 'unreachable', reason: messageOf(error) }
  }
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

function turnOf(account: string, requestId: string): string {
  return JSON.stringify([account, requestId])
}

/** The recipient's part goes to the world, the fee to the exchange: two holds, because a hold is paid out whole. */
function holdsOf({ withdrawal_id, amount, fee }: WithdrawalRecord): readonly { readonly holdId: string; readonly units: bigint; readonly to: string }[] {
  const feeUnits = BigInt(fee)
  const holds = [{ holdId: withdrawal_id, units: BigInt(amount) - feeUnits, to: WORLD_ACCOUNT }]
  if (feeUnits > 0n) holds.push({ holdId: `${withdrawal_id}f`, units: feeUnits, to: FEES_ACCOUNT })
  return holds
}

function requestOf({ withdrawal_id, asset, address, chain_amount }: WithdrawalRecord): WithdrawalRequest {
  return { id: withdrawal_id, asset, address, amount: BigInt(chain_amount) }
}

function termsOf({ asset, facts }: Route, text: string): Terms {
  const { code, scale } = asset
  const { decimals } = facts
  const amount = requireAmount(text, asset)
  const fee = toLedgerUnitsRoundedUp(decimal(facts.withdrawalFee, decimals), decimals, scale)
  const minimum = toLedgerUnitsRoundedUp(decimal(facts.minimumWithdrawal, decimals), decimals, scale)
  if (amount < minimum) throw new CustodyError('invalid_request', `Withdraw at least ${facts.minimumWithdrawal} ${code}.`, 'amount')
  if (amount <= fee) throw new CustodyError('invalid_request', `The amount must be larger than the fee of ${facts.withdrawalFee} ${code}.`, 'amount')
  const chainAmount = toChainUnits(amount - fee, scale, decimals)
  if (chainAmount === undefined) throw new CustodyError('invalid_request', `${facts.network} carries ${code} with ${decimals} decimals only.`, 'amount')
  return { amount, fee, chainAmount }
}

function requireSameInput(record: WithdrawalRecord, { requestId, asset, address, amount }: WithdrawInput): void {
  const same = record.asset === asset && record.address === address && sameAmount(record, amount)
  if (!same) throw new CustodyError('conflict', `The requestId "${requestId}" has been used for another withdrawal. Take a new one.`, 'requestId')
}

function sameAmount(record: WithdrawalRecord, text: string): boolean {
  try {
    return decimal(text, Number(record.scale)) === BigInt(record.amount)
  } catch {
    return false
  }
}
