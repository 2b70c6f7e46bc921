/** Lists of network addresses that a key may be used from. */
import { BlockList, isIP } from 'node:net'

/** Reads `192.0.2.7`, `192.0.2.0/24`, `2001:db8::/32`; undefined for anything else. */
function rangeOf(text: string): { address: string; prefix: number; family: 'ipv4' | 'ipv6' } | undefined {
  const [address = '', length, more] = text.split('/')
  const family = isIP(address)
  if (family === 0 || more !== undefined || address.includes('%')) return undefined
  const most = family === 4 ? 32 : 128
  if (length !== undefined && !/^(?:0|[1-9]\d{0,2})$/.test(length)) return undefined
  const prefix = length === undefined ? most : Number(length)
  return prefix > most ? undefined : { address, prefix, family: family === 4 ? 'ipv4' : 'ipv6' }
}

/** Whether a text is one address or a range in CIDR notation. */
export function isAddressRange(text: string): boolean {
  return rangeOf(text) !== undefined
}

/** Tells whether an address lies in one of the ranges; IPv4 addresses that came as IPv6 count as IPv4. */
export function addressMatcher(ranges: readonly string[]): (address: string) => boolean {
  if (ranges.length === 0) return () => false
  const list = new BlockList()
  for (const range of ranges.map(rangeOf)) if (range !== undefined) list.addSubnet(range.address, range.prefix, range.family)
  return (address) => {
    const plain = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1] ?? address
    const family = isIP(plain)
    return family !== 0 && list.check(plain, family === 4 ? 'ipv4' : 'ipv6')
  }
}
