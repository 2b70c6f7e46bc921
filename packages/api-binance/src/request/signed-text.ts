/** Reads query and body as they came: parameters, signature, and the text that was signed. */
import { BinanceError } from '../binance-error.js'
import { Parameters } from './parameters.js'

export interface SignedText {
  readonly parameters: Parameters
  /** Query and body without the signature, exactly as sent: what a client signs. */
  readonly payload: string
  readonly signature: string | undefined
}

const MAX_PARAMETERS = 100

/**
 * @param query what follows the question mark; @param body a form.
 * @throws BinanceError -1101 where a name comes twice: nobody shall sign one value and mean another.
 */
export function readSignedText(query: string, body: string): SignedText {
  const values = new Map<string, string>()
  let signature: string | undefined
  const payload = [query, body].map((part) => part.split('&').filter((pair) => keep(pair)).join('&')).join('')
  return { parameters: new Parameters(values), payload, signature }

  function keep(pair: string): boolean {
    if (pair === '') return true
    const equals = pair.indexOf('=')
    const name = decoded(equals < 0 ? pair : pair.slice(0, equals))
    const value = equals < 0 ? '' : decoded(pair.slice(equals + 1))
    if (values.has(name) || (name === 'signature' && signature !== undefined)) throw new BinanceError(-1101, `Duplicate values for a parameter detected: '${name.slice(0, 40)}'.`)
    if (values.size >= MAX_PARAMETERS) throw new BinanceError(-1101, 'Too many parameters; expected fewer.')
    if (name !== 'signature') values.set(name, value)
    // Base64 has plus signs and no spaces, whether or not the client has escaped it.
    else signature = value.replaceAll(' ', '+')
    return name !== 'signature'
  }
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text.replaceAll('+', ' '))
  } catch {
    throw new BinanceError(-1100, 'Illegal characters found in a parameter.')
  }
}
