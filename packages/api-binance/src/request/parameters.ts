/** The parameters of a call: texts by name, read with Binance's rules. */
import { BinanceError, illegalCharacters, invalidValue, missingParameter, notRequired } from '../binance-error.js'

const DECIMAL = '^([0-9]{1,20})(\\.[0-9]{1,20})?$'
const INTEGER = '^[0-9]{1,20}$'
const CLIENT_ORDER_ID = '^[\\.A-Z\\:/a-z0-9_-]{1,36}$'
const SYMBOL = '^[A-Z0-9-_.]{1,20}$'
const MAX_SYMBOLS = 500

export class Parameters {
  constructor(private readonly values: ReadonlyMap<string, string>) {}

  has(name: string): boolean {
    return this.values.has(name)
  }

  /** @throws BinanceError -1105 for one that was sent without a value. */
  optional(name: string): string | undefined {
    const value = this.values.get(name)
    if (value === '') throw new BinanceError(-1105, `Parameter '${name}' was empty.`)
    return value
  }

  /** @throws BinanceError -1102 */
  required(name: string): string {
    const value = this.values.get(name)
    if (value === undefined || value === '') throw missingParameter(name)
    return value
  }

  /** Refuses parameters that would change what an order is. @throws BinanceError -1106 */
  refuse(...names: string[]): void {
    for (const name of names) if (this.has(name)) throw notRequired(name)
  }

  symbol(): string {
    return legal('symbol', this.required('symbol'), SYMBOL)
  }

  /** `symbol`, `symbols` as a JSON list, or undefined for all. */
  symbols(): readonly string[] | undefined {
    if (this.has('symbol')) {
      this.refuse('symbols')
      return [this.symbol()]
    }
    const list = this.optional('symbols')
    return list === undefined ? undefined : symbolList(list)
  }

  /** A plain decimal without needless zeros in front. */
  decimal(name: string): string | undefined {
    const value = this.optional(name)
    if (value === undefined) return undefined
    return legal(name, value, DECIMAL).replace(/^0+(?=\d)/, '')
  }

  requiredDecimal(name: string): string {
    this.required(name)
    return this.decimal(name)!
  }

  integer(name: string, { most = Number.MAX_SAFE_INTEGER, least = 0 } = {}): number | undefined {
    const value = this.optional(name)
    if (value === undefined) return undefined
    const number = Number(legal(name, value, INTEGER))
    if (!Number.isSafeInteger(number) || number > most || number < least) throw invalidValue(name)
    return number
  }

  /** As many rows as asked for, never more than `most`, as Binance cuts it. */
  limit(usual: number, most: number): number {
    const limit = this.integer('limit')
    if (limit === 0) throw invalidValue('limit')
    return Math.min(limit ?? usual, most)
  }

  clientOrderId(name: string): string | undefined {
    const value = this.optional(name)
    return value === undefined ? undefined : legal(name, value, CLIENT_ORDER_ID)
  }

  /** @param refusal what is thrown for another value. */
  choice<Value extends string>(name: string, values: readonly Value[], refusal: BinanceError = invalidValue(name)): Value | undefined {
    const value = this.optional(name)
    if (value === undefined) return undefined
    const found = values.find((candidate) => candidate === value)
    if (found === undefined) throw refusal
    return found
  }
}

function legal(name: string, value: string, range: string): string {
  if (!new RegExp(range).test(value)) throw illegalCharacters(name, range)
  return value
}

function symbolList(text: string): readonly string[] {
  let list: unknown
  try {
    list = JSON.parse(text)
  } catch {
    throw illegalCharacters('symbols', '^\\["[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}\\]$')
  }
  if (!Array.isArray(list) || list.length === 0 || list.length > MAX_SYMBOLS) throw invalidValue('symbols')
  return list.map((symbol: unknown) => {
    if (typeof symbol !== 'string') throw invalidValue('symbols')
    return legal('symbols', symbol, SYMBOL)
  })
}
