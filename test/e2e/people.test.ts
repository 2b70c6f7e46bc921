/** What an operator does for people from the command line, on an exchange that rests and on one that runs. */
import { expect } from 'chai'
import { createClient } from '@bourse/client'
import { existsSync, readFileSync, statSync } from 'node:fs'
import path from 'node:path'
import { runExchange, startExchange, temporaryProject, type RunningProcess } from './running-exchange.js'

const PASSWORD = 'correct horse battery'

describe('people and keys from the command line', function () {
  this.timeout(120_000)
  let project: Awaited<ReturnType<typeof temporaryProject>>
  let running: RunningProcess | undefined
  let place: string[]
  before(async () => {
    project = await temporaryProject((config) => config.replace('historyDays: 3', 'historyDays: 0'))
    place = ['--project', project.dir, '--data', project.data]
  })
  after(async () => {
    await running?.stop()
    await project.remove()
  })

  async function made(args: readonly string[]): Promise<Record<string, string>> {
    const { code, output } = await runExchange([...args, '--json', ...place])
    expect(code, output).to.equal(0)
    return JSON.parse(output) as Record<string, string>
  }
  const refused = async (args: readonly string[]): Promise<string> => {
    const { code, output } = await runExchange([...args, ...place])
    expect(code, output).to.equal(1)
    return output
  }

  for (const state of ['rests', 'runs'] as const) {
    it(`makes a person, gives them money and a key while the exchange ${state}, and a program trades with it`, async () => {
      const email = `${state}@example.com`
      if (state === 'runs') running = await startExchange({ project: project.dir, data: project.data })
      const user = await made(['user', 'create', '--email', email, '--password', PASSWORD, '--role', 'support'])
      expect(user['userId']).to.match(/^u_/)
      expect(user['role']).to.equal('support')
      await made(['balance', 'credit', '--email', email, '--asset', 'USDT', '--amount', '1000'])
      const key = await made(['api-key', 'create', '--email', email, '--scopes', 'read,trade'])
      running ??= await startExchange({ project: project.dir, data: project.data })
      const bot = createClient({ baseUrl: running.url, apiKey: { key: key['key']!, secret: key['secret']! } })
      const { order } = await bot.placeOrder({ market: 'BTC-USDT', side: 'buy', orderType: 'limit', price: '100.00', quantity: '0.10000' })
      expect(order.status).to.equal('open')
      expect((await bot.balances()).balances.find(({ asset }) => asset === 'USDT')).to.include({ held: '10.00000000', available: '990.00000000' })
      bot.close()
      if (state === 'rests') {
        await running.stop()
        running = undefined
      }
    })
  }

  it('freezes an account and opens it again, and finds the audit log whole until it is cut', async () => {
    const email = 'runs@example.com'
    const logIn = () => createClient({ baseUrl: running!.url }).logIn({ email, password: PASSWORD }).then(() => 'in', (error: { code: string }) => error.code)
    await made(['user', 'freeze', '--email', email])
    expect(await logIn()).to.equal('account_frozen')
    await made(['user', 'unfreeze', '--email', email])
    expect(await logIn()).to.equal('in')
    expect(await made(['audit', 'verify'])).to.include({ ok: true })
    expect(await refused(['audit', 'verify', '--head', 'of another log'])).to.contain('were cut off')
  })

  it('keeps the key of the secrets where only its owner reads it', () => {
    const file = path.join(project.data, 'secret.key')
    expect(existsSync(file)).to.equal(true)
    expect(statSync(file).mode & 0o077).to.equal(0)
    expect(Buffer.from(readFileSync(file, 'utf8'), 'base64').length).to.equal(32)
  })

  it('says what is wrong and what to do', async () => {
    expect(await refused(['user', 'create', '--email', 'runs@example.com', '--password', PASSWORD])).to.contain('already a log-in')
    expect(await refused(['user', 'create', '--email', 'x@example.com', '--password', 'short'])).to.contain('characters')
    expect(await refused(['user', 'create', '--email', 'x@example.com'])).to.contain('--password-stdin')
    expect(await refused(['user', 'create', '--email', 'nonsense', '--password', PASSWORD])).to.contain('email')
    expect(await refused(['api-key', 'create', '--email', 'nobody@example.com'])).to.contain('exchange user create --email nobody@example.com')
    expect(await refused(['api-key', 'create', '--email', 'runs@example.com', '--scopes', 'everything'])).to.contain('scopes')
    expect(await refused(['api-key', 'create', '--email', 'runs@example.com', '--scopes', 'withdraw'])).to.contain('needs the addresses')
    expect(await refused(['balance', 'credit', '--email', 'runs@example.com', '--asset', 'NONE', '--amount', '1'])).to.contain('unknown asset')
    expect(await refused(['balance', 'credit', '--email', 'runs@example.com', '--asset', 'BTC', '--amount', '1e3'])).to.contain('not a decimal')
  })
})
