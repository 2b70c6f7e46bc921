import { expect } from 'chai'
import type { Brand } from '@bourse/client'
import { brandedPage, createTerminalSite } from './terminal-site.js'

const PAGE = '<html lang="%BRAND_LANG%"><meta name="theme-color" content="%BRAND_COLOR%"><title>%BRAND_NAME%</title>%OTHER% %BRAND_UNKNOWN%</html>'

function brand(name: string): Brand {
  return {
    name,
    tagline: '',
    logoUrl: '/brand/logo.svg',
    theme: { light: {}, dark: { '--color-surface': '#101418' } },
    defaultAppearance: 'system',
    defaultLanguage: 'de',
    texts: {},
  }
}

describe('the page of the terminal', () => {
  it('must have been built', () => {
    expect(() => createTerminalSite({ dir: '/nowhere', brand: () => brand('Acme') })).to.throw('The terminal is not built')
  })

  it('carries the name, language and colour of the brand', () => {
    expect(brandedPage(PAGE, brand('Acme'))).to.equal('<html lang="de"><meta name="theme-color" content="#101418"><title>Acme</title>%OTHER% %BRAND_UNKNOWN%</html>')
  })

  it('shows a name with markup, quotes and replacement patterns as it is written', () => {
    const page = brandedPage(PAGE, brand(`</title><script>alert("1")</script> $& $1 'x' %BRAND_LANG% 🚀`))
    expect(page).to.include('<title>&lt;/title&gt;&lt;script&gt;alert(&quot;1&quot;)&lt;/script&gt; $&amp; $1 &#39;x&#39; %BRAND_LANG% 🚀</title>')
    expect(page).to.not.include('<script>')
  })
})
