/** What clients of a simulated exchange send: batches of frames, and commands in words. */
import { FrameBuffer, type Catalog, type Command } from '@bourse/core'
import type { RandomCommands, SeededRandom } from '@bourse/testkit'

/** Some of the next random commands as one batch. */
export function nextFrames(commands: RandomCommands, random: SeededRandom, most: number): { bytes: Uint8Array; count: number } {
  const frames = new FrameBuffer()
  const count = Math.max(1, Math.min(most, random.onceIn(30) ? random.between(20, 120) : random.between(1, 6)))
  let taken = 0
  const staged = commands.isStaged
  // What follows the stage is made from the events of the stage.
  while (taken < count && commands.isStaged === staged) {
    commands.next(frames)
    taken++
  }
  return { bytes: frames.used().slice(), count: taken }
}

/** An order near some price, a cancel-all or a deposit, in names and decimal strings. */
export function randomCommand(random: SeededRandom, catalog: Catalog): Command {
  const account = `trader-${random.below(8)}`
  if (random.onceIn(20)) return { type: 'order.cancel-all', account }
  if (random.onceIn(10)) {
    const asset = random.pick(catalog.assets())
    return { type: 'ledger.transfer', requestId: `deposit-${random.below(50)}`, from: 'world', to: account, asset: asset.code, amount: String(random.between(0, 3)) }
  }
  const market = random.pick(catalog.markets())
  const price = (1000n + BigInt(random.between(-6, 6))) * market.tickSize
  const quantity = market.lotSize * BigInt(random.between(1, 40))
  return {
    type: 'order.place', account, market: market.symbol, side: random.pick(['buy', 'sell']), orderType: 'limit',
    price: decimal(price, market.priceScale), quantity: decimal(quantity, market.quantityScale), timeInForce: random.pick(['gtc', 'gtc', 'ioc']),
  }
}

function decimal(units: bigint, scale: number): string {
  const digits = units.toString().padStart(scale + 1, '0')
  return scale === 0 ? digits : `${digits.slice(0, -scale)}.${digits.slice(-scale)}`
}
