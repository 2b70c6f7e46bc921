/** Follows payments from the chain to the ledger: each final one is credited once. */
import { createHash } from 'node:crypto'
import { decimal, formatDecimal, WORLD_ACCOUNT } from '@bourse/core'
import type { AssetAdapter, CommandPort, DepositAddress, ObservedDeposit } from '@bourse/plugin'
import type { Knex } from 'knex'
import { CustodyError } from './custody-error.js'
import type { DepositAddressRecord, DepositRecord, DepositState } from './custody-schema.js'
import { requireAmount, type Networks, type Route } from './networks.js'
import { toChainUnits, toLedgerUnits } from './units.js'

export interface DepositsContext {
  readonly knex: Knex
  readonly commands: CommandPort
  readonly networks: Networks
  readonly now: () => number
  readonly log: (message: string) => void
  /** Called after the change is durable. */
  readonly changed: (record: DepositRecord) => void
}

/** Test money at a time, in ledger units: 100,000 of an asset with 8 decimals; hundreds of thousands of gifts still fit into the ledger. */
const LARGEST_GIFT = 10n ** 13n

export class Deposits {
  /** Answers of adapters that are not recorded yet: the next question would acknowledge them. */
  private readonly unrecorded = new Map<AssetAdapter, readonly ObservedDeposit[]>()

  constructor(private readonly context: DepositsContext) {}

  /** The account's own address; made by the adapter at the first call, the same ever after. */
  async address(account: string, asset: string): Promise<DepositAddress> {
    const { adapter, facts } = this.context.networks.require(asset, 'deposit')
    const { network } = facts
    const known = await this.addressRecord({ account, asset, network })
    if (known !== undefined) return addressView(known)
    const { address, tag = '' } = await adapter.depositAddress(asset, account)
    const record: DepositAddressRecord = { account, asset, network, address, tag, created_ms: this.context.now() }
    await this.context.knex.transaction(async (trx) => {
      await trx('deposit_addresses').insert(record).onConflict(['account', 'asset', 'network']).ignore()
      // Money may have come to it already, if the records were restored from a backup.
      await trx('deposits').where({ asset, address, tag }).whereNull('account').update({ account })
    })
    return addressView((await this.addressRecord({ account, asset, network })) ?? record)
  }

  /** Sends test money to the account's address, as somebody outside would. */
  async faucet(account: string, asset: string, text: string): Promise<{ readonly txid: string }> {
    const route = this.context.networks.require(asset, 'faucet')
    const amount = requireAmount(text, route.asset)
    if (amount > LARGEST_GIFT) throw new CustodyError('invalid_request', `Ask for at most ${formatDecimal(LARGEST_GIFT, route.asset.scale)} ${asset} of test money at a time.`, 'amount')
    const chainAmount = toChainUnits(amount, route.asset.scale, route.facts.decimals)
    if (chainAmount === undefined) throw new CustodyError('invalid_request', `${route.facts.network} carries ${asset} with ${route.facts.decimals} decimals only.`, 'amount')
    const { address } = await this.address(account, asset)
    return await route.adapter.faucet!(asset, address, chainAmount)
  }

  /** Asks an adapter what came, and records all of it in one transaction. */
  async observe(adapter: AssetAdapter): Promise<void> {
    const observed = this.unrecorded.get(adapter) ?? (await adapter.observeDeposits())
    this.unrecorded.set(adapter, observed)
    const changed = await this.context.knex.transaction((trx) => this.record(trx, adapter, observed))
    this.unrecorded.delete(adapter)
    changed.forEach(this.context.changed)
  }

  /** Credits whatever is final, after a restart too: the same request again changes nothing. */
  async credit(): Promise<void> {
    const records: DepositRecord[] = await this.context.knex('deposits').where({ state: 'crediting' }).whereNotNull('account').orderBy('position')
    for (const record of records) await this.creditOne(record)
  }

  private async creditOne(record: DepositRecord): Promise<void> {
    const { commands, log } = this.context
    const amount = formatDecimal(BigInt(record.amount), Number(record.scale))
    const result = await commands.submit({ type: 'ledger.transfer', requestId: record.deposit_id, from: WORLD_ACCOUNT, to: record.account!, asset: record.asset, amount })
    if (result.ok) {
      this.context.changed(await this.update(this.context.knex, record, { state: 'credited', note: null }))
      return
    }
    if (record.note === result.reject.code) return
    log(`Deposit ${record.deposit_id} of ${amount} ${record.asset} for ${record.account} waits: the ledger refuses it (${result.reject.code}). It is tried again until it succeeds.`)
    await this.update(this.context.knex, record, { note: result.reject.code })
  }

  private async record(trx: Knex.Transaction, adapter: AssetAdapter, observed: readonly ObservedDeposit[]): Promise<DepositRecord[]> {
    const changed: DepositRecord[] = []
    const seen = new Set<string>()
    for (const deposit of observed) {
      const route = this.context.networks.find(deposit.asset)
      if (route === undefined || route.adapter !== adapter) continue
      const id = depositId(route, deposit)
      seen.add(id)
      const known: DepositRecord | undefined = await trx('deposits').where({ deposit_id: id }).first()
      const record = known === undefined ? await this.insert(trx, route, id, deposit) : await this.progress(trx, route, known, deposit)
      if (record !== undefined) changed.push(record)
    }
    const assets = adapter.networks().map(({ asset }) => asset)
    const waiting: DepositRecord[] = await trx('deposits').whereIn('asset', assets).where({ state: 'pending' })
    for (const record of waiting) if (!seen.has(record.deposit_id)) changed.push(await this.update(trx, record, { state: 'dropped', confirmations: 0 }))
    return changed
  }

  private async insert(trx: Knex.Transaction, route: Route, id: string, { asset, address, tag = '', txid, amount: chainAmount, confirmations }: ObservedDeposit): Promise<DepositRecord> {
    const owner: DepositAddressRecord | undefined = await trx('deposit_addresses').where({ asset, address, tag }).first()
    if (owner === undefined) this.context.log(`Deposit ${txid} of ${asset} came to ${address}, which belongs to no account in the records; it is kept until the account asks for its address.`)
    const { scale } = route.asset
    const { decimals, requiredConfirmations } = route.facts
    const { amount, dust } = toLedgerUnits(chainAmount, decimals, scale)
    const tooSmall = amount === 0n || chainAmount < decimal(route.facts.minimumDeposit, decimals)
    const nowMs = this.context.now()
    await trx('deposits').insert({
      deposit_id: id,
      account: owner?.account ?? null,
      asset,
      address,
      tag,
      txid,
      chain_amount: String(chainAmount),
      amount: String(amount),
      dust: String(dust),
      scale,
      decimals,
      confirmations,
      required_confirmations: requiredConfirmations,
      state: tooSmall ? 'too_small' : stateAt(confirmations, requiredConfirmations),
      note: null,
      created_ms: nowMs,
      updated_ms: nowMs,
    } satisfies Omit<DepositRecord, 'position'>)
    return await trx('deposits').where({ deposit_id: id }).first()
  }

  /** @returns the record as it is now, or undefined when nothing changed. */
  private async progress(trx: Knex.Transaction, { facts }: Route, record: DepositRecord, { confirmations, txid }: ObservedDeposit): Promise<DepositRecord | undefined> {
    const { state } = record
    if (state === 'crediting' || state === 'credited') return undefined
    if (state !== 'dropped' && Number(record.confirmations) === confirmations) return undefined
    const next = state === 'too_small' ? state : stateAt(confirmations, facts.requiredConfirmations)
    return this.update(trx, record, { state: next, confirmations, txid, required_confirmations: facts.requiredConfirmations })
  }

  private async update(knex: Knex, record: DepositRecord, changes: Partial<DepositRecord>): Promise<DepositRecord> {
    const stored = { ...changes, updated_ms: this.context.now() }
    await knex('deposits').where({ deposit_id: record.deposit_id }).update(stored)
    return { ...record, ...stored }
  }

  private async addressRecord(key: { account: string; asset: string; network: string }): Promise<DepositAddressRecord | undefined> {
    return await this.context.knex('deposit_addresses').where(key).first()
  }
}

function stateAt(confirmations: number, required: number): DepositState {
  return confirmations >= required ? 'crediting' : 'pending'
}

/** The same payment has the same id for ever, so that not even lost records can have it credited twice. */
function depositId({ adapter }: Route, { asset, id }: ObservedDeposit): string {
  return `d-${createHash('sha256').update(JSON.stringify([adapter.name, asset, id])).digest('hex').slice(0, 32)}`
}

function addressView({ asset, network, address, tag }: DepositAddressRecord): DepositAddress {
  return tag === '' ? { asset, network, address } : { asset, network, address, tag }
}
