import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { CANCEL_REASONS } from '@bourse/core'
import { API_ERROR_CODES, type Brand } from '@bourse/client'
import { de } from './de.js'
import { en } from './en.js'
import { es } from './es.js'
import { languageName, loadTexts, offeredLanguages, pickLanguage } from './languages.js'

const SOURCES = path.join(path.dirname(fileURLToPath(import.meta.url)), '..')
const placeholders = (text: string): string[] => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]!).sort()
const brand = (changes: Partial<Brand> = {}): Brand => ({ name: 'Acme', tagline: '', logoUrl: '/logo.svg', theme: { light: {}, dark: {} }, defaultAppearance: 'dark', defaultLanguage: 'en', texts: {}, ...changes })

describe('The translations', () => {
  for (const [name, texts] of Object.entries({ de, es })) {
    it(`are complete in ${name}, with the same values in each text`, () => {
      expect(Object.keys(texts)).to.deep.equal(Object.keys(en))
      for (const [key, text] of Object.entries(en)) {
        const translated = texts[key as keyof typeof en]
        expect(translated.trim(), key).not.to.equal('')
        expect(placeholders(translated), key).to.deep.equal(placeholders(text))
      }
    })
  }

  it('have a word for every reason why an order was cancelled', () => {
    for (const reason of CANCEL_REASONS) expect(en).to.have.property(`reason.${reason}`)
  })

  it('have a word for every error of the API', () => {
    for (const code of API_ERROR_CODES) expect(en).to.have.property(`error.${code}`)
  })

  it('hold no text that is used nowhere', () => {
    const files = readdirSync(SOURCES, { recursive: true, encoding: 'utf8' }).filter((file) => /\.tsx?$/.test(file) && !file.startsWith('i18n'))
    const code = files.map((file) => readFileSync(path.join(SOURCES, file), 'utf8')).join('\n')
    const used = (key: string): boolean => code.includes(`'${key}'`) || code.includes(`"${key}"`) || [...code.matchAll(/`([a-zA-Z.-]+\.)\$\{/g)].some((match) => key.startsWith(match[1]!))
    expect(Object.keys(en).filter((key) => !used(key))).to.deep.equal([])
  })
})

describe('The choice of languages', () => {
  it('prefers what was chosen, then the brand, then English', () => {
    expect(pickLanguage(brand({ defaultLanguage: 'de' }), 'es')).to.equal('es')
    expect(pickLanguage(brand({ defaultLanguage: 'de' }), undefined)).to.equal('de')
    expect(pickLanguage(brand({ defaultLanguage: 'xx' }), 'yy')).to.equal('en')
  })

  it('offers languages that only the brand has', () => {
    expect(offeredLanguages(brand({ texts: { fr: { 'ticket.buy': 'Acheter' } } }))).to.deep.equal(['en', 'de', 'es', 'fr'])
  })

  it("lets the brand's texts replace and add to the built-in ones", async () => {
    const texts = await loadTexts(brand({ texts: { de: { 'ticket.buy': 'Erwerben', 'acme.note': 'Neu' } } }), 'de')
    expect(texts).to.include({ 'ticket.buy': 'Erwerben', 'acme.note': 'Neu', 'ticket.sell': de['ticket.sell'] })
  })

  it('calls languages by their own names', () => {
    expect(languageName('de')).to.equal('Deutsch')
    expect(languageName('es')).to.equal('Español')
  })
})
