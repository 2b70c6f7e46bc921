/** Which adapter serves which asset, and what one may do there. */
import { parseDecimal, type AssetSpec } from '@bourse/core'
import type { AssetAdapter, AssetCapability, CommandPort, NetworkFacts } from '@bourse/plugin'
import { CustodyError } from './custody-error.js'

/** Facts of an asset's network, and what its adapter can do. */
export interface CustodyNetwork extends NetworkFacts {
  readonly deposit: boolean
  readonly withdraw: boolean
  /** Test money can be sent from outside. */
  readonly faucet: boolean
}

/** An asset together with where it lives. */
export interface Route {
  readonly adapter: AssetAdapter
  readonly facts: CustodyNetwork
  readonly asset: AssetSpec
}

export class Networks {
  private readonly adapters = new Map<string, AssetAdapter>()
  private readonly facts: readonly CustodyNetwork[]

  /** @throws Error when two adapters serve one asset. */
  constructor(
    readonly all: readonly AssetAdapter[],
    private readonly commands: CommandPort,
  ) {
    this.facts = all.flatMap((adapter) => adapter.networks().map((facts) => ({ ...facts, deposit: can(adapter, 'deposit'), withdraw: can(adapter, 'withdraw'), faucet: can(adapter, 'faucet') })))
    for (const adapter of all) {
      for (const { asset } of adapter.networks()) {
        const other = this.adapters.get(asset)
        if (other !== undefined) throw new Error(`Two asset adapters serve ${asset}: "${other.name}" and "${adapter.name}". Take ${asset} out of one of them.`)
        this.adapters.set(asset, adapter)
      }
    }
  }

  /** The networks of assets that the exchange knows. */
  list(): readonly CustodyNetwork[] {
    return this.facts.filter(({ asset }) => this.commands.catalog.assetByCode(asset) !== undefined)
  }

  find(asset: string): Route | undefined {
    const adapter = this.adapters.get(asset)
    const facts = this.facts.find((candidate) => candidate.asset === asset)
    const spec = this.commands.catalog.assetByCode(asset)
    return adapter === undefined || facts === undefined || spec === undefined ? undefined : { adapter, facts, asset: spec }
  }

  /** @throws CustodyError when the asset cannot be deposited, withdrawn or handed out. */
  require(asset: string, capability: AssetCapability): Route {
    const route = this.find(asset)
    if (route !== undefined && can(route.adapter, capability)) return route
    if (capability === 'withdraw') throw new CustodyError('withdrawal_unavailable', `${asset} cannot be withdrawn from this exchange.`, 'asset')
    if (capability === 'faucet') throw new CustodyError('deposit_unavailable', `The network of ${asset} hands out no test money.`, 'asset')
    throw new CustodyError('deposit_unavailable', `${asset} cannot be deposited here.`, 'asset')
  }
}

function can(adapter: AssetAdapter, capability: AssetCapability): boolean {
  return adapter.capabilities.includes(capability)
}

/**
 * Reads an amount that somebody typed into ledger units.
 *
 * @throws CustodyError naming the field `amount`.
 */
export function requireAmount(text: string, { code, scale }: AssetSpec): bigint {
  const amount = parseDecimal(text, scale)
  if (amount === 'too_many_decimals') throw new CustodyError('invalid_request', `Amounts of ${code} have at most ${scale} decimals.`, 'amount')
  if (typeof amount === 'string') throw new CustodyError('invalid_request', `The amount must be a plain decimal such as "0.50", within the range of ${code}.`, 'amount')
  if (amount === 0n) throw new CustodyError('amount_not_positive', 'The amount must be above zero.', 'amount')
  return amount
}
