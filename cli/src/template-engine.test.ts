import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { renderTemplate, unsafeParts, UnsafeTemplate } from './template-engine.js'
import { readTemplate, templateNames, templatesDir } from './template-folder.js'

describe('the template engine', () => {
  const refused = [
    ['a plain value', 'name = {{name}}'],
    ['a plain value in braces', 'name = {{{name}}}'],
    ['a value behind an ampersand', 'name = {{&name}}'],
    ['a plain value inside a block', '{{#if name}}{{#each list}}{{this}}{{/each}}{{/if}}'],
    ['a plain value in an else', '{{#if name}}{{else}}{{name}}{{/if}}'],
    ['an unknown helper', '{{raw name}}'],
    ['a helper without a value', '{{ts}}'],
    ['a helper inside a helper', '{{ts (raw name)}}'],
    ['a partial', '{{> header}}'],
    ['an unknown block', '{{#with name}}{{ts this}}{{/with}}'],
  ] as const
  for (const [what, template] of refused) {
    it(`refuses ${what}`, () => {
      expect(() => renderTemplate('x.hbs', template, { name: 'a', list: ['b'] })).to.throw(UnsafeTemplate, /line 1|x\.hbs/)
    })
  }

  it('refuses a value that does not exist', () => {
    for (const template of ['{{ts nmae}}', '{{#if nmae}}{{/if}}', '{{#each name.list}}{{/each}}']) {
      expect(() => renderTemplate('x.hbs', template, { name: 'a' })).to.throw('does not exist')
    }
  })

  it('renders every kind of file with its own escaping', () => {
    const view = { name: `O'Brien & "Co" {{x}}`, list: [{ code: 'A' }, { code: 'B' }], nothing: null }
    const template = '{{ts name}} {{json name}} {{xml name}}{{#each list}} {{ts code}}{{/each}}{{#if nothing}}no{{/if}}'
    expect(renderTemplate('x', template, view)).to.equal(`'O\\'Brien & "Co" {{x}}' "O'Brien & \\"Co\\" {{x}}" O&#39;Brien &amp; &quot;Co&quot; {{x}} 'A' 'B'`)
  })
})

describe('the templates', () => {
  for (const name of templateNames()) {
    const folder = path.join(templatesDir(), name)
    const sources = readdirSync(folder, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.hbs'))
      .map((entry) => path.join(entry.parentPath, entry.name))

    it(`write values of "${name}" only through an escaping helper`, () => {
      expect(sources).not.to.deep.equal([])
      for (const source of sources) expect(unsafeParts(readFileSync(source, 'utf8')), source).to.deep.equal([])
    })

    it(`are all named in template.json of "${name}", and none begins with a dot, which npm would leave out`, () => {
      expect(readTemplate(name).files).to.have.lengthOf(sources.length)
      for (const source of sources) expect(path.basename(source)).not.to.match(/^\./)
    })
  }
})
