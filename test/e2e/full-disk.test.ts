/** An exchange whose disk has less room than it keeps in reserve: it starts all the same, serves what it has, and trades again when there is room. */
import { expect } from 'chai'
import { createClient } from '@bourse/client'
import { runExchange, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'

const QUIET = (config: string): string => config.replace('enabled: true', 'enabled: false')
/** More than any disk has. */
const FULL = (config: string): string => QUIET(config).replace('markets: [', 'storage: { readOnlyBelowMb: 1_000_000_000, warnBelowMb: 1_000_000_000 },\n  markets: [')

describe('an exchange on a full disk', function () {
  this.timeout(120_000)
  let running: RunningProcess | undefined
  let project: Awaited<ReturnType<typeof temporaryProject>>

  it('starts read-only, serves queries, refuses orders, and takes them again after a start with room', async () => {
    project = await temporaryProject(QUIET)
    try {
      await start()
      const client = createClient({ baseUrl: running!.url })
      await client.signUp({ email: 'trader@example.com', password: 'a long enough passphrase' })
      client.close()

      const output = await restart((config) => FULL(config).replace("taker: '0.001' }", "taker: '0.002' }"))
      expect(output).to.contain('The exchange is read-only, because only').and.to.contain('takes effect at the first start with room')
      const status = JSON.parse((await runExchange(['status', '--project', project.dir, '--data', project.data])).output) as { readOnly?: string; space?: { level: string } }
      expect(status.readOnly).to.contain('read-only')
      expect(status.space?.level).to.equal('read-only')
      const reader = createClient({ baseUrl: running!.url })
      expect((await reader.exchange()).markets.length).to.be.greaterThan(0)
      await reader.logIn({ email: 'trader@example.com', password: 'a long enough passphrase' })
      expect((await reader.orders()).items).to.deep.equal([])
      const refusal = await reader.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.01', quantity: '0.00100' }).then(() => undefined, (error: unknown) => error)
      expect(String(refusal)).to.match(/maintenance|read-only|restart|stopped|unavailable/i)
      reader.close()

      await restart(QUIET)
      const again = createClient({ baseUrl: running!.url })
      await again.logIn({ email: 'trader@example.com', password: 'a long enough passphrase' })
      const answer = await again.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '60000.01', quantity: '0.00100' }).then(() => 'taken', (error: unknown) => String(error))
      expect(answer, 'judged by the engine, not refused for want of room').to.match(/available USDT/)
      again.close()
    } finally {
      await running?.stop()
      await project.remove()
    }
  })

  async function start(): Promise<string> {
    running = await startExchange({ project: project.dir, data: project.data })
    return running.output()
  }

  async function restart(change: (config: string) => string): Promise<string> {
    expect(await running?.stop()).to.equal(0)
    await project.rewrite(change)
    return start()
  }
})
