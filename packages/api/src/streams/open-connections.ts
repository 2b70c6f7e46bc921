/** Counts open sockets of every kind together, so that neither all nor those of one address become too many. */

const MAX_SOCKETS = 20_000
const MAX_SOCKETS_OF_ONE_ADDRESS = 2_000

export class OpenConnections {
  private readonly byAddress = new Map<string, number>()
  private total = 0

  constructor(private readonly limits = { total: MAX_SOCKETS, ofOneAddress: MAX_SOCKETS_OF_ONE_ADDRESS }) {}

  get count(): number {
    return this.total
  }

  hasRoom(address: string): boolean {
    return this.total < this.limits.total && (this.byAddress.get(address) ?? 0) < this.limits.ofOneAddress
  }

  /** Counts one more; returns the function that counts it out, which may be called again without harm. */
  enter(address: string): () => void {
    this.total++
    this.byAddress.set(address, (this.byAddress.get(address) ?? 0) + 1)
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.total--
      const others = (this.byAddress.get(address) ?? 1) - 1
      if (others > 0) this.byAddress.set(address, others)
      else this.byAddress.delete(address)
    }
  }
}
