import { expect } from 'chai'
import { MailOutbox, type MailTransport, type OutgoingMail } from './mail-outbox.js'
import { onEachDatabase } from '../../test/on-each-database.js'

const MAIL = { recipient: 'ann@example.com', template: 'new_device', subject: 'Acme: hello', text: 'a secret link', html: '<p>a secret link</p>' } as const

onEachDatabase('the outbox of mails', (accounts) => {
  let arrived: OutgoingMail[]
  const outbox = (transport: MailTransport | undefined, keepsContent = false): MailOutbox => {
    const { database, secrets, clock } = accounts()
    return new MailOutbox({ knex: database.knex, secrets, transport, keepsContent, now: () => clock.nowMs, log: () => undefined })
  }
  const queue = (cause?: string): Promise<void> => accounts().database.knex.transaction((trx) => outbox(undefined).queue(trx, { ...MAIL, ...(cause !== undefined && { cause }) }))
  const works: MailTransport = async (mail) => void arrived.push(mail)
  beforeEach(async () => {
    arrived = []
    await accounts().database.knex('mails').delete()
  })

  it('sends a mail once, with a name that stays the same, and forgets its content', async () => {
    await queue()
    expect(JSON.stringify(await accounts().database.knex('mails').select(), (_key, value: unknown) => (typeof value === 'bigint' ? Number(value) : value))).to.not.include('secret link')
    await outbox(works).deliverDue()
    await outbox(works).deliverDue()
    expect(arrived.map(({ recipient, subject, text }) => [recipient, subject, text])).to.deep.equal([[MAIL.recipient, MAIL.subject, MAIL.text]])
    expect(await accounts().database.knex('mails').first('content')).to.deep.equal({ content: null })
  })

  it('writes nothing when the cause is taken back', async () => {
    await accounts()
      .database.knex.transaction(async (trx) => {
        await outbox(works).queue(trx, MAIL)
        throw new Error('taken back')
      })
      .catch(() => undefined)
    await outbox(works).deliverDue()
    expect(arrived).to.deep.equal([])
  })

  it('tells the same cause once', async () => {
    await queue('withdrawal:1')
    await queue('withdrawal:1')
    await outbox(works).deliverDue()
    expect(arrived.map(({ mailId }) => mailId)).to.deep.equal(['withdrawal:1'])
  })

  it('tries again with growing pauses until the mail server takes it, and loses none', async () => {
    const { clock } = accounts()
    await queue('first')
    let tries = 0
    const fails: MailTransport = () => {
      tries++
      return Promise.reject(new Error('421 try later'))
    }
    const pauses: number[] = []
    for (let round = 0; round < 4; round++) {
      const beganMs = clock.nowMs
      while (tries === round) {
        await outbox(fails).deliverDue()
        if (tries === round) clock.nowMs += 1_000
      }
      pauses.push(clock.nowMs - beganMs)
    }
    expect(pauses).to.deep.equal([0, 5_000, 10_000, 20_000])
    clock.nowMs += 3_600_000
    await outbox(works).deliverDue()
    expect(arrived.map(({ mailId }) => mailId)).to.deep.equal(['first'])
  })

  it('sends each of many mails once when several processes look at the same moment', async () => {
    for (let index = 0; index < 30; index++) await queue(`m${index}`)
    await Promise.all([outbox(works).deliverDue(), outbox(works).deliverDue(), outbox(works).deliverDue()])
    expect(arrived.map(({ mailId }) => mailId).sort()).to.deep.equal(Array.from({ length: 30 }, (_, index) => `m${index}`).sort())
  })

  it('begins anew after a crash between taking a mail and sending it', async () => {
    const { clock } = accounts()
    await queue('first')
    // The process is gone before the transport has answered.
    void outbox(() => new Promise(() => undefined)).deliverDue()
    while ((await accounts().database.knex('mails').where({ attempts: 1 })).length === 0) await Promise.resolve()
    await outbox(works).deliverDue()
    expect(arrived).to.deep.equal([])
    clock.nowMs += 120_000
    await outbox(works).deliverDue()
    expect(arrived.map(({ mailId }) => mailId)).to.deep.equal(['first'])
  })

  it('lets mails wait where there is no mail server, and shows them in development', async () => {
    await queue('first')
    await outbox(undefined).deliverDue()
    expect(await outbox(undefined).waiting()).to.equal(1)
    await outbox(works, true).deliverDue()
    expect(await outbox(works, true).waiting()).to.equal(0)
    expect((await outbox(undefined, true).list()).map(({ text, sentMs }) => [text, sentMs === undefined])).to.deep.equal([[MAIL.text, false]])
  })
})
