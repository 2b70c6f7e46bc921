import { expect } from 'chai'
import { LOOK_NAMES, LOOKS, themeOf } from './looks.js'

/** Text colours of the terminal, which the looks keep. */
const TEXT = { dark: ['#e8ecf3', '#95a1b5', '#2fc48d', '#ff6473'], light: ['#141a24', '#586477', '#05764f', '#c8233d'] } as const

describe('the looks', () => {
  for (const name of LOOK_NAMES) {
    for (const appearance of ['dark', 'light'] as const) {
      it(`keep every text of ${name} readable in ${appearance}`, () => {
        const tokens = LOOKS[name][appearance]
        for (const surface of ['--color-surface', '--color-surface-raised', '--color-surface-hover'] as const) {
          for (const text of TEXT[appearance]) expect(contrast(text, tokens[surface]), `${text} on ${surface}`).to.be.at.least(4.5)
        }
        expect(Math.max(contrast('#ffffff', tokens['--color-accent']), contrast('#0b0e14', tokens['--color-accent']))).to.be.at.least(4.5)
      })
    }
  }

  it('take an accent of their own over both appearances', () => {
    const theme = themeOf('ocean', '#123456')
    expect([theme.dark['--color-accent'], theme.light['--color-accent']]).to.deep.equal(['#123456', '#123456'])
    expect(theme.dark['--color-bg']).to.equal(LOOKS.ocean.dark['--color-bg'])
  })
})

function contrast(one: string, other: string): number {
  const [light = 0, dark = 0] = [luminance(one), luminance(other)].sort((a, b) => b - a)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(color: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((start) => Number.parseInt(color.slice(start, start + 2), 16) / 255).map((share) => (share <= 0.03928 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4))
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}
