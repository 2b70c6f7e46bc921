import { expect } from 'chai'
import fc from 'fast-check'
import { runInThisContext } from 'node:vm'
import { environmentValue, jsonLiteral, markdownText, typescriptLiteral, xmlText } from './escape.js'
import { anyText, RUNS } from './any-text.test-data.js'

const evaluate = (literal: string): unknown => runInThisContext(`'use strict'; (${literal})`)

describe('escaping of values', () => {
  it('writes a TypeScript literal that means exactly the value', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(evaluate(typescriptLiteral(text))).to.equal(text)
        expect(evaluate(typescriptLiteral({ [`key ${text}`]: [text, 1, true, null] }))).to.deep.equal({ [`key ${text}`]: [text, 1, true, null] })
      }),
      RUNS,
    )
  })

  it('writes JSON that means exactly the value', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(JSON.parse(jsonLiteral({ [text]: text }))).to.deep.equal({ [text]: text })
      }),
      RUNS,
    )
  })

  it('lets nothing end a script element or open a comment in code and JSON', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        for (const literal of [typescriptLiteral(`${text}</script><!--`), jsonLiteral(`${text}</script><!--`)]) {
          expect(literal).not.to.match(/<\/|<!--|[\u2028\u2029\n\r]/)
        }
      }),
      RUNS,
    )
  })

  it('writes XML text without markup and without what XML cannot hold', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const written = xmlText(text)
        expect(written).not.to.match(/[<>"']|&(?!(?:amp|lt|gt|quot|#39);)/)
        expect(written).not.to.match(/[\p{Cc}\p{Cs}]/u)
      }),
      RUNS,
    )
  })

  it('writes Markdown on one line, without markup', () => {
    expect(markdownText('a\n# b *c* <i>`d`</i> [e](f)')).to.equal('a \\# b \\*c\\* \\<i\\>\\`d\\`\\</i\\> \\[e\\]\\(f\\)')
  })

  const refused = ['a\nB=1', 'a"b', 'a\\b', 'a\u0000b']
  for (const value of refused) {
    it(`refuses ${JSON.stringify(value)} in an environment file`, () => {
      expect(() => environmentValue(value)).to.throw('.env cannot hold')
    })
  }
})
