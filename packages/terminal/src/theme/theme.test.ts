import { expect } from 'chai'
import { readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { resolveAppearance } from './appearance.js'
import { brandTokens } from './brand-theme.js'
import { contrastRatio, readableOn } from './contrast.js'
import { COLOR_TOKENS, THEME_TOKENS } from './tokens.js'

const THEME = path.dirname(fileURLToPath(import.meta.url))
const css = readFileSync(path.join(THEME, 'tokens.css'), 'utf8')

function declared(selector: string): Map<string, string> {
  const block = css.slice(css.indexOf(`${selector} {`)).split('}')[0]!
  return new Map([...block.matchAll(/(--[a-z-]+):\s*([^;]+);/g)].map((match) => [match[1]!, match[2]!]))
}

const dark = declared(':root')
const light = new Map([...dark, ...declared(":root[data-appearance='light']")])

describe('The theme tokens', () => {
  it('are all declared, and nothing else is', () => {
    expect([...dark.keys()].sort()).to.deep.equal([...THEME_TOKENS].sort())
  })

  it('have a colour of their own for the light appearance', () => {
    expect([...declared(":root[data-appearance='light']").keys()].sort()).to.deep.equal(Object.keys(COLOR_TOKENS).sort())
  })

  it('are the only custom properties with colours that style sheets use', () => {
    const root = path.join(THEME, '..')
    const known = new Set<string>(THEME_TOKENS)
    for (const file of readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.css'))) {
      for (const [, name] of readFileSync(path.join(root, file), 'utf8').matchAll(/var\((--(?:color|font|radius|size)-[a-z-]+|--radius)\)/g)) expect(known.has(name!), `${file}: ${name}`).to.equal(true)
    }
  })

  const TEXT_ON: [text: string, background: string][] = [
    ...['--color-bg', '--color-surface', '--color-surface-raised', '--color-surface-hover'].flatMap((background): [string, string][] => ['--color-text', '--color-muted', '--color-accent-text', '--color-buy', '--color-sell', '--color-warning'].map((text) => [text, background])),
    ['--color-on-accent', '--color-accent'],
    ['--color-on-side', '--color-buy-fill'],
    ['--color-on-side', '--color-sell-fill'],
  ]
  for (const [name, tokens] of Object.entries({ dark, light })) {
    it(`keep text readable in the ${name} appearance (WCAG AA)`, () => {
      for (const [text, background] of TEXT_ON) expect(contrastRatio(tokens.get(text)!, tokens.get(background)!), `${text} on ${background}`).to.be.at.least(4.5)
    })
  }
})

describe("A brand's theme", () => {
  it('is taken as it is, custom properties only', () => {
    expect(brandTokens({ light: {}, dark: { '--color-bg': '#000', 'color': 'red' } }, 'dark', '#111111')).to.deep.equal({ '--color-bg': '#000' })
  })

  it('gets readable text on its accent, links and focus ring when it sets only the accent', () => {
    const tokens = brandTokens({ light: {}, dark: { '--color-accent': '#f0b90b' } }, 'dark', '#10141b')
    expect(tokens).to.include({ '--color-on-accent': '#0b0e14', '--color-accent-text': '#f0b90b', '--color-focus': '#f0b90b' })
  })

  it('gets a lighter or darker link colour when its accent cannot be read on the surface', () => {
    expect(brandTokens({ light: { '--color-accent': '#f0b90b' }, dark: {} }, 'light', '#ffffff')['--color-accent-text']).to.match(/color-mix\(.*black/)
    expect(brandTokens({ light: {}, dark: { '--color-accent': '#3a1d8f' } }, 'dark', '#10141b')['--color-accent-text']).to.match(/color-mix\(.*white/)
  })

  it('keeps what it says itself, and lets the chart follow buy and sell', () => {
    const tokens = brandTokens({ light: {}, dark: { '--color-accent': '#ffffff', '--color-on-accent': '#123456', '--color-buy': '#00ff00' } }, 'dark', '#10141b')
    expect(tokens).to.include({ '--color-on-accent': '#123456', '--color-chart-up': '#00ff00' })
  })

  it('is shown as chosen, else as the brand says, else as the device does', () => {
    expect(resolveAppearance('light', { defaultAppearance: 'dark' }, false)).to.equal('light')
    expect(resolveAppearance(undefined, { defaultAppearance: 'light' }, false)).to.equal('light')
    expect(resolveAppearance('system', { defaultAppearance: 'light' }, false)).to.equal('dark')
    expect(resolveAppearance(undefined, { defaultAppearance: 'system' }, true)).to.equal('light')
  })
})

describe('Contrast', () => {
  it('is 21 between black and white and 1 between equals', () => {
    expect(contrastRatio('#000', '#fff')).to.be.closeTo(21, 0.001)
    expect(contrastRatio('#123456', '#123456')).to.equal(1)
    expect(contrastRatio('red', '#fff')).to.equal(null)
  })

  it('chooses black or white by what is read better', () => {
    expect(readableOn('#f0b90b')).to.equal('#0b0e14')
    expect(readableOn('#3a57d6')).to.equal('#ffffff')
    expect(readableOn('rebeccapurple')).to.equal(null)
  })
})
