/** The errors of Binance's interface: number, text and HTTP status. */

export interface BinanceErrorOptions {
  /** 400 unless given. */
  readonly status?: number
  readonly retryAfterSeconds?: number
  /** Of a failed cancel-replace: what became of both steps. */
  readonly data?: object
  /** What is wrong and what to do, in more words than `msg` has room for. */
  readonly hint?: string
}

/** Thrown by calls; becomes `{code, msg}`. Clients recognise errors by both, so the texts are Binance's own words. */
export class BinanceError extends Error {
  constructor(
    readonly code: number,
    message: string,
    readonly options: BinanceErrorOptions = {},
  ) {
    super(message)
    this.name = 'BinanceError'
  }

  get status(): number {
    return this.options.status ?? 400
  }

  /** What goes out. */
  get body(): { code: number; msg: string; data?: object; hint?: string } {
    const { data, hint } = this.options
    return { code: this.code, msg: this.message, ...(data === undefined ? {} : { data }), ...(hint === undefined ? {} : { hint }) }
  }
}

export function missingParameter(name: string): BinanceError {
  return new BinanceError(-1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`)
}

export function illegalCharacters(name: string, legal: string): BinanceError {
  return new BinanceError(-1100, `Illegal characters found in parameter '${name}'; legal range is '${legal}'.`)
}

export function notRequired(name: string): BinanceError {
  return new BinanceError(-1106, `Parameter '${name}' sent when not required.`)
}

export function invalidValue(name: string): BinanceError {
  return new BinanceError(-1130, `Data sent for parameter '${name}' is not valid.`)
}

export function invalidSymbol(): BinanceError {
  return new BinanceError(-1121, 'Invalid symbol.')
}

export function noSuchOrder(): BinanceError {
  return new BinanceError(-2013, 'Order does not exist.')
}

export function rejectedKey(hint?: string): BinanceError {
  return new BinanceError(-2015, 'Invalid API-key, IP, or permissions for action.', { status: 401, ...(hint === undefined ? {} : { hint }) })
}

export function internalError(): BinanceError {
  return new BinanceError(-1000, 'An unknown error occurred while processing the request.', { status: 500 })
}
