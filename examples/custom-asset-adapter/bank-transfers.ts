/**
 * Euros by bank transfer: an asset adapter whose "chain" is two files in a folder.
 *
 * `statement.csv` is what the bank exports, a line `id,iban,cents` for each payment received; every customer
 * has a virtual IBAN of their own.
 * `payouts.csv` is what the treasurer carries to the bank, a line `id,iban,cents` for each payment to make;
 * `paid.csv` lists the ids that the bank has executed.
 */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { appendFile, readFile } from 'node:fs/promises'
import path from 'node:path'
import { defineAssetAdapter, definePlugin, type AssetAdapter, type ObservedDeposit, type Plugin } from '@bourse/plugin'

const ASSET = 'EUR'
const CENTS = 2

export function bankTransferAdapter(folder: string): AssetAdapter {
  const statement = path.join(folder, 'statement.csv')
  const payouts = path.join(folder, 'payouts.csv')
  const paid = path.join(folder, 'paid.csv')

  return defineAssetAdapter({
    name: 'bank-transfers',
    apiVersion: 1,
    capabilities: ['deposit', 'withdraw'],
    networks: () => [
      {
        asset: ASSET,
        network: 'Bank transfer',
        decimals: CENTS,
        requiredConfirmations: 1,
        minimumDeposit: '1.00',
        minimumWithdrawal: '10.00',
        withdrawalFee: '0.50',
      },
    ],
    start: async () => {},
    stop: async () => {},
    depositAddress: async (asset, key) => {
      if (asset !== ASSET) throw new Error(`Bank transfers carry ${ASSET}, not ${asset}.`)
      return { asset, network: 'Bank transfer', address: virtualIban(key) }
    },
    isValidAddress: (asset, iban) => asset === ASSET && isIban(iban),
    observeDeposits: async () => (await rows(statement)).map(toDeposit),
    broadcast: async (request) => {
      if (!isIban(request.address)) throw new Error(`"${request.address}" is not an IBAN.`)
      // The id makes it happen once, however often the exchange asks.
      const known = (await rows(payouts)).some(([id]) => id === request.id)
      if (!known) await appendFile(payouts, `${request.id},${request.address},${request.amount}\n`)
      return { txid: request.id }
    },
    status: async (request) => {
      if ((await rows(paid)).some(([id]) => id === request.id)) return { state: 'confirmed', txid: request.id, confirmations: 1 }
      const known = (await rows(payouts)).some(([id]) => id === request.id)
      return known ? { state: 'pending', txid: request.id, confirmations: 0 } : { state: 'unknown' }
    },
  })
}

/** For `plugins: [bankTransfers('./bank')]` in exchange.config.ts. */
export function bankTransfers(folder: string): Plugin {
  return definePlugin({ name: 'bank-transfers', apiVersion: 1, assetAdapters: [bankTransferAdapter(folder)] })
}

function toDeposit([id = '', iban = '', cents = '0']: readonly string[]): ObservedDeposit {
  return { id: `bank:${id}`, txid: id, asset: ASSET, address: iban, amount: BigInt(cents), confirmations: 1 }
}

async function rows(file: string): Promise<string[][]> {
  if (!existsSync(file)) return []
  const text = await readFile(file, 'utf8')
  return text.split('\n').filter((line) => line !== '').map((line) => line.split(','))
}

/** ISO 13616: moved to the end, country and check digits make the number 1 modulo 97. */
function isIban(text: string): boolean {
  return /^DE[0-9]{20}$/.test(text) && remainder(text.slice(4) + text.slice(0, 4)) === 1n
}

/** The same key gives the same account number, for ever. */
function virtualIban(key: string): string {
  const account = (BigInt(`0x${createHash('sha256').update(key).digest('hex')}`) % 10n ** 18n).toString().padStart(18, '0')
  const check = (98n - remainder(`${account}DE00`)).toString().padStart(2, '0')
  return `DE${check}${account}`
}

function remainder(text: string): bigint {
  return BigInt([...text].map((character) => Number.parseInt(character, 36)).join('')) % 97n
}
