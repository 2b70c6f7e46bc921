/** Addresses of the simulated chain: the asset, twenty bytes and a checksum over both, so that a typing error is noticed. */
import { createHash } from 'node:crypto'

const BODY_CHARACTERS = 40
const CHECKSUM_CHARACTERS = 8

/** The address that stands for a name: the same name gives the same address. Names of different namespaces never meet. */
export function addressOf(asset: string, namespace: 'exchange' | 'outside', name: string): string {
  const body = digest(`${namespace}/${asset}/${name}`).slice(0, BODY_CHARACTERS)
  return `${prefixOf(asset)}${body}${checksumOf(asset, body)}`
}

/** True for an address of this asset that has been typed as it was given out. */
export function isAddress(asset: string, address: string): boolean {
  const prefix = prefixOf(asset)
  if (!address.startsWith(prefix) || address.length !== prefix.length + BODY_CHARACTERS + CHECKSUM_CHARACTERS) return false
  const body = address.slice(prefix.length, -CHECKSUM_CHARACTERS)
  return /^[0-9a-f]+$/.test(body) && address.endsWith(checksumOf(asset, body))
}

function prefixOf(asset: string): string {
  return `sim-${asset.toLowerCase()}-`
}

function checksumOf(asset: string, body: string): string {
  return digest(`checksum/${asset}/${body}`).slice(0, CHECKSUM_CHARACTERS)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
