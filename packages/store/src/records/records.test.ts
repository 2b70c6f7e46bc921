import { expect } from 'chai'
import { onEveryDatabase } from '../../test/databases.js'

onEveryDatabase('what people keep', (create) => {
  it('lets one attempt of a keyed request begin, and gives its answer to the others', async () => {
    const { records: { idempotentAnswers: answers } } = await (await create()).open()
    const attempt = (claim: string, fingerprint = 'f') => answers.claim({ userId: 'ann', key: 'k', fingerprint, claim, nowMs: 1_000, abandonedMs: 500 })
    const states = await Promise.all(Array.from({ length: 20 }, async (_, index) => (await attempt(`c${index}`)).state))
    expect(states.filter((state) => state === 'begun')).to.have.length(1)
    expect(states.filter((state) => state === 'under way')).to.have.length(19)
    await answers.answered({ userId: 'ann', key: 'k', status: 201, answer: '{"a":1}' })
    expect(await attempt('later')).to.deep.equal({ state: 'answered', status: 201, answer: '{"a":1}' })
    expect((await attempt('later', 'g')).state).to.equal('other')
    expect((await answers.claim({ userId: 'bob', key: 'k', fingerprint: 'g', claim: 'b', nowMs: 1_000, abandonedMs: 0 })).state).to.equal('begun')
  })

  it('lets one attempt take over from one that ended without a word', async () => {
    const { records: { idempotentAnswers: answers } } = await (await create()).open()
    const attempt = (claim: string, nowMs: number) => answers.claim({ userId: 'ann', key: 'k', fingerprint: 'f', claim, nowMs, abandonedMs: nowMs - 100 })
    expect((await attempt('a', 1_000)).state).to.equal('begun')
    expect((await attempt('b', 1_050)).state).to.equal('under way')
    const states = await Promise.all(['c', 'd', 'e'].map(async (claim) => (await attempt(claim, 2_000)).state))
    expect(states.sort()).to.deep.equal(['begun', 'under way', 'under way'])
  })

  it('forgets a key at once or after its time', async () => {
    const { records: { idempotentAnswers: answers } } = await (await create()).open()
    const attempt = (key: string, claim: string, nowMs: number) => answers.claim({ userId: 'ann', key, fingerprint: 'f', claim, nowMs, abandonedMs: 0 })
    await attempt('k', 'a', 1_000)
    await answers.forget({ userId: 'ann', key: 'k' })
    expect((await attempt('k', 'b', 1_000)).state).to.equal('begun')
    await answers.prune(1_001)
    expect((await attempt('k', 'c', 2_000)).state).to.equal('begun')
  })

  it('lists the sub-accounts of an owner, each label once', async () => {
    const { records: { subAccounts } } = await (await create()).open()
    expect(await subAccounts.create({ account: 's1', owner: 'ann', label: 'bot', createdMs: 1 })).to.equal(true)
    expect(await subAccounts.create({ account: 's2', owner: 'ann', label: 'bot', createdMs: 2 })).to.equal(false)
    expect(await subAccounts.create({ account: 's3', owner: 'bob', label: 'bot', createdMs: 3 })).to.equal(true)
    expect(await subAccounts.list('ann')).to.deep.equal([{ account: 's1', owner: 'ann', label: 'bot', createdMs: 1 }])
    expect((await subAccounts.find('s3'))?.owner).to.equal('bob')
    expect(await subAccounts.find('s2')).to.equal(undefined)
  })

  it('keeps the last preferences of each person', async () => {
    const { records: { preferences } } = await (await create()).open()
    expect(await preferences.get('ann')).to.equal(undefined)
    await preferences.set('ann', { language: 'de' })
    await preferences.set('ann', { language: 'es' })
    expect(await preferences.get('ann')).to.deep.equal({ language: 'es' })
  })

  it('fires an alert once, and only while it is there', async () => {
    const { records: { priceAlerts } } = await (await create()).open()
    const alert = { alertId: 'a1', userId: 'ann', market: 'BTC-USDT', direction: 'above', price: '100.00', note: '', createdMs: 1, firedMs: null, firedPrice: null } as const
    await priceAlerts.create(alert)
    expect(await priceAlerts.waiting()).to.deep.equal([alert])
    const fired = await Promise.all([1, 2, 3].map(() => priceAlerts.fire('a1', { firedMs: 5, firedPrice: '101.00' })))
    expect(fired.filter((one) => one)).to.have.length(1)
    expect(await priceAlerts.waiting()).to.deep.equal([])
    expect(await priceAlerts.list('ann')).to.deep.equal([{ ...alert, firedMs: 5, firedPrice: '101.00' }])
    expect(await priceAlerts.firedSince(5)).to.have.length(1)
    expect(await priceAlerts.firedSince(6)).to.deep.equal([])
    expect(await priceAlerts.remove('bob', 'a1')).to.equal(false)
    expect(await priceAlerts.remove('ann', 'a1')).to.equal(true)
    expect(await priceAlerts.fire('a1', { firedMs: 6, firedPrice: '1' })).to.equal(false)
  })
})
