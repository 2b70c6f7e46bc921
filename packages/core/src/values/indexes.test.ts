import { expect } from 'chai'
import fc from 'fast-check'
import { PairIndex } from './pair-index.js'
import { TextIndex } from './text-index.js'
import { isTextInWords, wordsOfText } from './text-words.js'

const text = fc.string({ unit: fc.integer({ min: 0x21, max: 0x7e }).map((code) => String.fromCharCode(code)), minLength: 1, maxLength: 36 })

describe('The text index', () => {
  it('finds what was inserted and not removed, scope by scope', () => {
    fc.assert(
      fc.property(fc.array(fc.tuple(fc.oneof(text, fc.constantFrom('a', 'b', 'c', 'aaaa', 'aaaaa')), fc.nat(2), fc.boolean()), { maxLength: 150, size: 'max' }), (steps) => {
        const index = new TextIndex()
        const rows = new Map<string, number>()
        let last = 0
        for (const [name, scope, keeps] of steps) {
          const words = wordsOfText(name)!
          const key = `${scope}/${name}`
          const row = rows.get(key)
          expect(index.find(words, 0, scope)).to.equal(row ?? 0)
          if (row === undefined) {
            index.insert(++last, words, 0, scope)
            rows.set(key, last)
            expect([index.text(last), index.scope(last)]).to.deep.equal([name, scope])
          } else if (!keeps) {
            index.remove(row)
            rows.delete(key)
          }
        }
        for (const [key, row] of rows) expect(index.find(wordsOfText(key.slice(2))!, 0, Number(key[0]))).to.equal(row)
      }),
    )
  })

  it('knows a text from other bytes', () => {
    const words = (bytes: number[]) => new Uint32Array(Uint8Array.from({ length: 36 }, (_, at) => bytes[at] ?? 0).buffer)
    expect(isTextInWords(words([0x41, 0x42]), 0)).to.equal(true)
    expect(isTextInWords(words(Array<number>(36).fill(0x7e)), 0)).to.equal(true)
    expect(isTextInWords(words(Array<number>(35).fill(0x21)), 0)).to.equal(true)
    const bad = [[], [0x20], [0x41, 0, 0x42], [0x41, 0x7f], [0x41, 0x80], [0, 0, 0, 0, 0x41], [...Array<number>(32).fill(0x41), 0, 0x41]]
    for (let at = 0; at < 8; at++) for (const byte of [0x20, 0x7f, 0xff, 0x1f]) bad.push(Array.from({ length: 8 }, (_, place) => (place === at ? byte : 0x41)))
    for (const bytes of bad) expect(isTextInWords(words(bytes), 0)).to.equal(false)
    expect(wordsOfText('ä')).to.equal(undefined)
    expect(wordsOfText('x'.repeat(37))).to.equal(undefined)
  })
})

describe('The pair index', () => {
  it('finds the row of every pair', () => {
    const i32 = new Int32Array(2 * 6001 + 1)
    const index = new PairIndex({ i32 }, 1)
    let row = 0
    for (let first = 0; first < 300; first++) {
      for (let second = 0; second < 20; second++) {
        i32.set([first, second], ++row * 2 + 1)
        index.insert(row)
      }
    }
    row = 0
    for (let first = 0; first < 300; first++) for (let second = 0; second < 20; second++) expect(index.find(first, second)).to.equal(++row)
    expect(index.find(300, 0)).to.equal(0)
  })
})
