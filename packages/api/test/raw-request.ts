/** Sends a request that no well-behaved client would send, and reads the answer as it comes. */

export interface RawAnswer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** The error of the API, where the body is one. */
  readonly error: { code: string; message: string; field?: string; requestId: string } | undefined
}

export interface RawOptions {
  readonly method?: string
  readonly headers?: Record<string, string>
  /** Sent as JSON when it is not a text. */
  readonly body?: unknown
  readonly token?: string
}

export async function rawRequest(url: string, { method = 'GET', headers = {}, body, token }: RawOptions = {}): Promise<RawAnswer> {
  const response = await fetch(url, {
    method,
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
      ...headers,
    },
    ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    redirect: 'manual',
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, error: errorOf(text) }
}

function errorOf(text: string): RawAnswer['error'] {
  try {
    const body = JSON.parse(text) as { error?: RawAnswer['error'] }
    return body.error
  } catch {
    return undefined
  }
}
