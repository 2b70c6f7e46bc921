import { expect } from 'chai'
import { InvalidAnswer, parseAccent, parseAssets, parseDatabase, parseDirectory, parseMarkets, parseName } from './parse-answers.js'

const assets = parseAssets('BTC USDT ACME:4')

describe('answers as text', () => {
  const refused: [string, () => unknown, string][] = [
    ['an empty folder', () => parseDirectory('  '), 'Name a folder'],
    ['an empty name', () => parseName(' \n '), 'needs a name'],
    ['a name of 61 characters', () => parseName('a'.repeat(61)), 'at most 60'],
    ['a single asset', () => parseAssets('BTC'), 'at least two assets'],
    ['an asset code with a dash', () => parseAssets('BTC, US-DT'), '"US-DT" is not an asset code'],
    ['an asset twice', () => parseAssets('BTC, btc'), 'BTC stands there twice'],
    ['19 decimals', () => parseAssets('BTC, ACME:19'), 'at most 18'],
    ['no market', () => parseMarkets(' ', assets), 'at least one market'],
    ['a market of one asset', () => parseMarkets('BTC-BTC', assets), 'not traded against itself'],
    ['a market of an unknown asset', () => parseMarkets('ETH-USDT', assets), 'ETH is not among the assets (BTC, USDT, ACME)'],
    ['a market without a dash', () => parseMarkets('BTCUSDT', assets), 'Write BASE-QUOTE'],
    ['a starting price of zero', () => parseMarkets('ACME-USDT@0', assets), 'a starting price lies between'],
    ['a market twice', () => parseMarkets('BTC-USDT BTC/USDT', assets), 'BTC-USDT stands there twice'],
    ['a colour by name', () => parseAccent('red'), 'is not a colour'],
    ['a database of another kind', () => parseDatabase('mysql://localhost/x'), 'neither "sqlite" nor'],
    ['a database URL with a line break', () => parseDatabase('postgres://a/b\nC=1'), 'neither "sqlite" nor'],
    ['a database URL with a quote', () => parseDatabase('postgres://a/b"c'), 'neither "sqlite" nor'],
  ]
  for (const [what, parse, message] of refused) {
    it(`refuses ${what}`, () => {
      expect(parse).to.throw(InvalidAnswer, message)
    })
  }

  it('reads assets with and without decimals', () => {
    expect(parseAssets('btc; Acme:4,XRP')).to.deep.equal([
      { code: 'BTC', name: 'Bitcoin', scale: 8 },
      { code: 'ACME', name: 'ACME', scale: 4 },
      { code: 'XRP', name: 'XRP', scale: 6 },
    ])
  })

  it('reads markets with and without a starting price', () => {
    expect(parseMarkets('btc/usdt acme-usdt@2.50', assets)).to.deep.equal([
      { base: 'BTC', quote: 'USDT', startPrice: undefined },
      { base: 'ACME', quote: 'USDT', startPrice: 2.5 },
    ])
  })

  it('reads colours in both lengths', () => {
    expect([parseAccent('#F0B90B'), parseAccent('fb0')]).to.deep.equal(['#f0b90b', '#ffbb00'])
  })

  it('reads databases', () => {
    expect([parseDatabase('SQLite'), parseDatabase('postgres://a:b@c:5/d')]).to.deep.equal([{ kind: 'sqlite' }, { kind: 'postgresql', url: 'postgres://a:b@c:5/d' }])
  })
})
