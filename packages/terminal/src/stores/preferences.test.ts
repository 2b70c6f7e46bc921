import { expect } from 'chai'
import { createPreferences, DEFAULT_PREFERENCES, readPreferences } from './preferences.js'

describe('Preferences', () => {
  it('survive in the storage', () => {
    const kept = new Map<string, string>()
    const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: (key: string, value: string) => void kept.set(key, value) }
    createPreferences(storage).setState({ appearance: 'light', favourites: ['BTC-USDT'], interval: '1h' })
    expect(createPreferences(storage).getState()).to.deep.include({ appearance: 'light', favourites: ['BTC-USDT'], interval: '1h' })
  })

  it('fall back to defaults for whatever cannot be read', () => {
    expect(readPreferences(null)).to.deep.equal(DEFAULT_PREFERENCES)
    expect(readPreferences('{not json')).to.deep.equal(DEFAULT_PREFERENCES)
    expect(readPreferences('[]')).to.deep.equal(DEFAULT_PREFERENCES)
    expect(readPreferences('{"appearance":"purple","interval":"7m","favourites":[1,"A-B"],"bookSteps":{"A-B":10,"C-D":"x"}}')).to.deep.equal({ ...DEFAULT_PREFERENCES, favourites: ['A-B'], bookSteps: { 'A-B': 10 } })
  })

  it('work without a storage, and with one that refuses', () => {
    expect(createPreferences(null).getState()).to.deep.equal(DEFAULT_PREFERENCES)
    const refusing = {
      getItem: () => {
        throw new Error('forbidden')
      },
      setItem: () => {
        throw new Error('forbidden')
      },
    }
    const preferences = createPreferences(refusing)
    preferences.setState({ language: 'de' })
    expect(preferences.getState().language).to.equal('de')
  })
})
