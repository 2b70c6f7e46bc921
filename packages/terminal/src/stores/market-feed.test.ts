import { expect } from 'chai'
import type { BourseClient, StreamListener, Subscription } from '@bourse/client'
import { createFrameBatch, type FrameBatch } from './frame-batch.js'
import { openMarketFeed, prependTrades } from './market-feed.js'
import type { Trade } from './wire.js'

/** A client whose streams are played by hand. */
function playedClient() {
  const subscriptions: { subscription: Subscription; listener: StreamListener; ended: boolean }[] = []
  const client = {
    subscribe(subscription: Subscription, listener: StreamListener) {
      const entry = { subscription, listener, ended: false }
      subscriptions.push(entry)
      return Promise.resolve(() => {
        entry.ended = true
      })
    },
  } as Pick<BourseClient, 'subscribe'>
  const latest = (channel: string) => subscriptions.findLast((entry) => entry.subscription.channel === channel)!
  return { client, subscriptions, latest }
}

/** A batch whose frames are drawn by hand. */
function drawnFrames(): { frames: FrameBatch; draw(): void } {
  let turn: (() => void) | undefined
  const frames = createFrameBatch((run) => {
    turn = run
  })
  return {
    frames,
    draw() {
      const run = turn
      turn = undefined
      run?.()
    },
  }
}

const snapshot = { market: 'BTC-USDT', sequence: 10, timestampMs: 0, bids: [['100', '1']] as [string, string][], asks: [['101', '2']] as [string, string][] }
const update = (previousSequence: number, sequence: number, bids: [string, string][]) => ({ channel: 'depth' as const, market: 'BTC-USDT', data: { market: 'BTC-USDT', previousSequence, sequence, timestampMs: 0, bids, asks: [] } })
const trade = (tradeId: number): Trade => ({ tradeId, price: '100', quantity: '1', quoteAmount: '100', takerSide: 'buy', timestampMs: 0, sequence: tradeId })

describe('The live data of a market', () => {
  it('publishes many updates of the book once per frame', () => {
    const { client, latest } = playedClient()
    const { frames, draw } = drawnFrames()
    const feed = openMarketFeed(client, 'BTC-USDT', frames)
    let published = 0
    feed.bookStore.subscribe(() => published++)
    latest('depth').listener.onSnapshot(snapshot)
    for (let sequence = 10; sequence < 110; sequence++) latest('depth').listener.onMessage(update(sequence, sequence + 1, [['99', String(sequence)]]))
    expect(published).to.equal(0)
    draw()
    expect(published).to.equal(1)
    expect(feed.bookStore.getState().bids).to.deep.equal([['100', '1'], ['99', '109']])
    expect(feed.bookStore.getState().ready).to.equal(true)
    feed.stop()
  })

  it('subscribes anew after a gap and goes on with the new snapshot', async () => {
    const { client, subscriptions, latest } = playedClient()
    const { frames, draw } = drawnFrames()
    const feed = openMarketFeed(client, 'BTC-USDT', frames)
    await Promise.resolve()
    const first = latest('depth')
    first.listener.onSnapshot(snapshot)
    first.listener.onMessage(update(12, 13, [['99', '5']]))
    draw()
    expect(feed.bookStore.getState().ready).to.equal(false)
    expect(first.ended).to.equal(true)
    const second = latest('depth')
    expect(second).not.to.equal(first)
    second.listener.onSnapshot({ ...snapshot, sequence: 13, bids: [['99', '5']] })
    first.listener.onMessage(update(13, 14, [['1', '1']]))
    draw()
    expect(feed.bookStore.getState().bids).to.deep.equal([['99', '5']])
    expect(subscriptions.filter((entry) => entry.subscription.channel === 'depth')).to.have.length(2)
    feed.stop()
  })

  it('asks for a deep book', () => {
    const { client, latest } = playedClient()
    openMarketFeed(client, 'BTC-USDT', drawnFrames().frames).stop()
    expect(latest('depth').subscription).to.include({ limit: 1000 })
  })

  it('ends streams that only begin after it was stopped', async () => {
    const { client, subscriptions } = playedClient()
    const feed = openMarketFeed(client, 'BTC-USDT', drawnFrames().frames)
    feed.stop()
    await Promise.resolve()
    await Promise.resolve()
    expect(subscriptions.every((entry) => entry.ended)).to.equal(true)
  })

  it('puts trades in front, none twice, and keeps only so many', () => {
    const known = prependTrades([], [trade(1), trade(2), trade(3)], 10)
    expect(known.map(({ tradeId }) => tradeId)).to.deep.equal([3, 2, 1])
    expect(prependTrades(known, [trade(2), trade(3), trade(4), trade(5)], 4).map(({ tradeId }) => tradeId)).to.deep.equal([5, 4, 3, 2])
  })
})
