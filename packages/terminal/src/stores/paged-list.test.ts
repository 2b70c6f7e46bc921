import { expect } from 'chai'
import type { Page } from '@bourse/client'
import { createPagedList } from './paged-list.js'

interface Item {
  id: number
  text?: string
}

/** A list whose answers are given by hand. */
function askedList() {
  const questions: { cursor: string | undefined; answer(page: Page<Item>): void; fail(error: Error): void }[] = []
  const list = createPagedList<Item>({ key: (item) => item.id, load: (cursor) => new Promise((answer, fail) => questions.push({ cursor, answer, fail })) })
  const ids = () => list.store.getState().items.map(({ id }) => id)
  return { list, questions, ids }
}

const settled = () => new Promise<void>((resolve) => setImmediate(resolve))

describe('A list that is loaded in pages', () => {
  it('loads page after page and stops at the end', async () => {
    const { list, questions, ids } = askedList()
    void list.load()
    expect(list.store.getState().status).to.equal('loading')
    questions[0]!.answer({ items: [{ id: 9 }, { id: 8 }], nextCursor: 'b' })
    await settled()
    void list.loadMore()
    void list.loadMore()
    expect(questions).to.have.length(2)
    expect(questions[1]!.cursor).to.equal('b')
    questions[1]!.answer({ items: [{ id: 8 }, { id: 7 }], nextCursor: null })
    await settled()
    expect(ids()).to.deep.equal([9, 8, 7])
    void list.loadMore()
    expect(questions).to.have.length(2)
  })

  it('keeps what a stream reported while the first page was under way', async () => {
    const { list, questions, ids } = askedList()
    void list.load()
    list.merge([{ id: 10 }])
    questions[0]!.answer({ items: [{ id: 9 }], nextCursor: null })
    await settled()
    expect(ids()).to.deep.equal([10, 9])
  })

  it('replaces by key and puts what is new in front', async () => {
    const { list, questions } = askedList()
    void list.load()
    questions[0]!.answer({ items: [{ id: 2 }, { id: 1 }], nextCursor: null })
    await settled()
    list.merge([{ id: 1, text: 'changed' }, { id: 3 }, { id: 4 }])
    expect(list.store.getState().items).to.deep.equal([{ id: 4 }, { id: 3 }, { id: 2 }, { id: 1, text: 'changed' }])
  })

  it('drops answers that come after it was cleared', async () => {
    const { list, questions, ids } = askedList()
    void list.load()
    list.clear()
    questions[0]!.answer({ items: [{ id: 1 }], nextCursor: null })
    await settled()
    expect(ids()).to.deep.equal([])
    expect(list.store.getState().status).to.equal('idle')
  })

  it('says that it failed and can be asked again', async () => {
    const { list, questions, ids } = askedList()
    void list.load()
    questions[0]!.fail(new Error('no answer'))
    await settled()
    expect(list.store.getState().status).to.equal('failed')
    void list.load()
    questions[1]!.answer({ items: [{ id: 1 }], nextCursor: null })
    await settled()
    expect(ids()).to.deep.equal([1])
  })

  it('ignores streams before anybody asked for it', () => {
    const { list, ids } = askedList()
    list.merge([{ id: 1 }])
    expect(ids()).to.deep.equal([])
  })
})
