/** The accounts of one person: their own and its sub-accounts; who may act for which, and money between them. */
import { createHash, randomBytes } from 'node:crypto'
import type { AccountFacts, NewSubAccount, SubAccount, Transfer, TransferRequest } from '@bourse/client'
import { formatDecimal } from '@bourse/core'
import type { SubAccountRow, SubAccounts } from '@bourse/store'
import { ApiFailure, notFound, unavailable } from '../http/failures.js'
import { accountNamed, assetNamed } from '../routes/names.js'
import { rejectFailure } from '../orders/reject-messages.js'
import type { TradingService } from '../services.js'

/** How a person's own account is called in transfers. */
export const MAIN = 'main'
const MAX_SUB_ACCOUNTS = 50
const MAX_KNOWN = 10_000
/** Fee rates are parts per million. */
const FEE_DECIMALS = 6

export class OwnAccounts {
  /** Owners of sub-accounts that have acted lately; they never change. */
  private readonly owners = new Map<string, string>()

  constructor(
    private readonly exchange: TradingService,
    private readonly subAccounts: SubAccounts,
    private readonly now: () => number,
  ) {}

  /** The account that a request of a person acts for; theirs where it names none. */
  async actingFor(userId: string, subAccount: string | undefined): Promise<string> {
    if (subAccount === undefined) return userId
    const owner = this.owners.get(subAccount) ?? (await this.subAccounts.find(subAccount))?.owner
    if (owner !== userId) throw notFound(`You have no sub-account ${subAccount.slice(0, 40)}. GET /api/v1/sub-accounts lists yours.`, 'X-Sub-Account')
    if (this.owners.size >= MAX_KNOWN) this.owners.delete(this.owners.keys().next().value!)
    this.owners.set(subAccount, owner)
    await this.open(subAccount, userId)
    return subAccount
  }

  async list(userId: string): Promise<SubAccount[]> {
    return (await this.subAccounts.list(userId)).map((row) => this.view(row))
  }

  async create(userId: string, { label }: NewSubAccount): Promise<SubAccount> {
    if ((await this.subAccounts.list(userId)).length >= MAX_SUB_ACCOUNTS) throw new ApiFailure({ status: 409, code: 'too_many_sub_accounts', message: `One person has at most ${MAX_SUB_ACCOUNTS} sub-accounts.` })
    const row = { account: `s_${randomBytes(16).toString('hex')}`, owner: userId, label, createdMs: this.now() }
    if (!(await this.subAccounts.create(row))) throw new ApiFailure({ status: 409, code: 'conflict', message: `You have a sub-account "${label}" already. Choose another label.`, field: 'label' })
    await this.open(row.account, userId)
    return this.view(row)
  }

  /** Moves money between accounts of one person; the same requestId with the same input happens once. */
  async transfer(userId: string, request: TransferRequest): Promise<Transfer> {
    const { catalog } = this.exchange
    const [from, to] = await Promise.all([this.named(userId, request.from), this.named(userId, request.to)])
    if (from === to) throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'Name two different accounts: from and to are the same.', field: 'to' })
    assetNamed(catalog, request.asset)
    const result = await this.exchange.submit({ type: 'ledger.transfer', requestId: transferId(userId, request.requestId), from, to, asset: request.asset, amount: request.amount, within: 'family' })
    if (!result.ok) throw rejectFailure(result.reject, { asset: request.asset, amount: request.amount, requestId: request.requestId }, catalog)
    const [first] = result.events
    return { ...request, reference: transferId(userId, request.requestId), sequence: first?.type === 'command.repeated' ? first.firstSequence : result.sequence }
  }

  /** What is to be known about an account beside its money. */
  facts(account: string, userId: string): AccountFacts {
    const { catalog, engine } = this.exchange
    const id = accountNamed(catalog, account)
    const settings = engine.accountSettings(id)
    const fees = catalog.markets().flatMap(({ id: market, symbol }) => {
      const rates = engine.feeRates(id, market)
      return rates === undefined ? [] : [{ market: symbol, makerFee: rate(rates.makerFeePpm), takerFee: rate(rates.takerFeePpm) }]
    })
    const feeAsset = settings?.feeAsset === undefined ? undefined : catalog.asset(settings.feeAsset)?.code
    return { accountId: account, subAccount: account !== userId, frozen: settings?.frozen ?? 'none', feeTier: settings?.feeTier ?? 0, feeAsset: feeAsset ?? null, fees }
  }

  private named(userId: string, name: string): Promise<string> {
    return this.actingFor(userId, name === MAIN ? undefined : name)
  }

  /** Opens a sub-account in the engine unless it is there; its row is written before. */
  private async open(account: string, parent: string): Promise<void> {
    if (this.exchange.catalog.accountByName(account) !== undefined) return
    const result = await this.exchange.submit({ type: 'account.open', account, kind: 'user', parent })
    if (!result.ok && result.reject.code !== 'account_exists') throw unavailable(`The sub-account could not be opened (${result.reject.code}). Try again in a moment.`)
  }

  private view({ account, label, createdMs }: SubAccountRow): SubAccount {
    const id = this.exchange.catalog.accountByName(account)
    return { subAccountId: account, label, createdMs, frozen: (id === undefined ? undefined : this.exchange.engine.accountSettings(id))?.frozen ?? 'none' }
  }
}

/** Requests of different people never meet, whatever they call them. */
function transferId(userId: string, requestId: string): string {
  return `t_${createHash('sha256').update(`${userId}\n${requestId}`).digest('base64url').slice(0, 32)}`
}

function rate(ppm: number): string {
  return formatDecimal(BigInt(ppm), FEE_DECIMALS)
}
