/** Reads answers from text, for flags and prompts alike; what cannot be used is an error that says what to write instead. */
import { DEFAULT_SCALE, knownAsset } from './known-assets.js'
import type { AssetAnswer, DatabaseAnswer, MarketAnswer } from './answers.js'

/** An answer that cannot be used; the message is for the person who gave it. */
export class InvalidAnswer extends Error {}

const MAX_NAME_LENGTH = 60

export function parseDirectory(text: string): string {
  const directory = text.trim()
  if (directory === '') throw new InvalidAnswer('Name a folder, for example acme-exchange.')
  if (directory.includes('\0')) throw new InvalidAnswer('A folder name cannot hold a zero byte.')
  return directory
}

export function parseName(text: string): string {
  const name = text.toWellFormed().trim()
  if (name === '') throw new InvalidAnswer('The exchange needs a name.')
  if (name.length > MAX_NAME_LENGTH) throw new InvalidAnswer(`The name has ${name.length} characters; at most ${MAX_NAME_LENGTH} are shown.`)
  return name
}

/** `BTC, ETH, ACME:4`: codes separated by commas or spaces, each with its decimals where they are not the usual ones. */
export function parseAssets(text: string): AssetAnswer[] {
  const assets = words(text).map(parseAsset)
  if (assets.length < 2) throw new InvalidAnswer('An exchange needs at least two assets, for example "BTC, USDT".')
  refuseRepeated(assets.map((asset) => asset.code))
  return assets
}

function parseAsset(word: string): AssetAnswer {
  const match = /^([A-Z0-9]{1,16})(?::(\d{1,2}))?$/.exec(word.toUpperCase())
  if (match?.[1] === undefined) throw new InvalidAnswer(`"${word}" is not an asset code. Write 1 to 16 letters and digits such as BTC, with the decimals behind a colon where they are not ${DEFAULT_SCALE}: ACME:4.`)
  const known = knownAsset(match[1])
  const scale = match[2] === undefined ? (known?.scale ?? DEFAULT_SCALE) : Number(match[2])
  if (scale > 18) throw new InvalidAnswer(`${match[1]} cannot have ${scale} decimals; at most 18.`)
  return { code: match[1], name: known?.name ?? match[1], scale }
}

/** `BTC-USDT, ACME-USDT@2.50`: pairs of the assets, each with its starting price where it is not known. */
export function parseMarkets(text: string, assets: readonly AssetAnswer[]): MarketAnswer[] {
  const markets = words(text).map((word) => parseMarket(word, assets))
  if (markets.length === 0) throw new InvalidAnswer('An exchange needs at least one market, for example BTC-USDT.')
  refuseRepeated(markets.map((market) => `${market.base}-${market.quote}`))
  return markets
}

function parseMarket(word: string, assets: readonly AssetAnswer[]): MarketAnswer {
  const match = /^([A-Z0-9]+)[-/]([A-Z0-9]+)(?:@(\d+(?:\.\d+)?))?$/.exec(word.toUpperCase())
  const [, base, quote, price] = match ?? []
  if (base === undefined || quote === undefined) throw new InvalidAnswer(`"${word}" is not a market. Write BASE-QUOTE such as BTC-USDT, with a starting price if you like: ACME-USDT@2.50.`)
  if (base === quote) throw new InvalidAnswer(`${word}: an asset is not traded against itself.`)
  for (const code of [base, quote]) {
    if (!assets.some((asset) => asset.code === code)) throw new InvalidAnswer(`${word}: ${code} is not among the assets (${assets.map((asset) => asset.code).join(', ')}).`)
  }
  const startPrice = price === undefined ? undefined : Number(price)
  if (startPrice !== undefined && (startPrice < 1e-8 || startPrice > 1e7)) throw new InvalidAnswer(`${word}: a starting price lies between 0.00000001 and 10000000.`)
  return { base, quote, startPrice }
}

/** `#f0b90b` or `f0b90b` or `#fb0`. */
export function parseAccent(text: string): string {
  const match = /^#?([0-9a-f]{3}|[0-9a-f]{6})$/i.exec(text.trim())
  if (match?.[1] === undefined) throw new InvalidAnswer(`"${text}" is not a colour. Write it as #rrggbb, for example #f0b90b.`)
  const digits = match[1].toLowerCase()
  return `#${digits.length === 3 ? [...digits].map((digit) => digit + digit).join('') : digits}`
}

/** `sqlite`, or the URL of a PostgreSQL database. */
export function parseDatabase(text: string): DatabaseAnswer {
  const database = text.trim()
  if (database.toLowerCase() === 'sqlite') return { kind: 'sqlite' }
  if (!/^postgres(?:ql)?:\/\/[^\s"'\\]+$/.test(database) || !URL.canParse(database)) {
    throw new InvalidAnswer(`"${database}" is neither "sqlite" nor the URL of a PostgreSQL database such as postgres://user:password@host:5432/database.`)
  }
  return { kind: 'postgresql', url: database }
}

function words(text: string): string[] {
  return text.split(/[\s,;]+/).filter((word) => word !== '')
}

function refuseRepeated(names: readonly string[]): void {
  const repeated = names.find((name, index) => names.indexOf(name) !== index)
  if (repeated !== undefined) throw new InvalidAnswer(`${repeated} stands there twice.`)
}
