/** The cookies that keep a person logged in and their device known: name, attributes, and how they are read. */
import type { IncomingHttpHeaders } from 'node:http'

export class SessionCookie {
  readonly name: string

  /** @param secure production: the `__Host-` prefix makes browsers refuse the cookie over plain HTTP and from sibling hosts. */
  constructor(
    private readonly secure: boolean,
    name: 'session' | 'device' = 'session',
  ) {
    this.name = secure ? `__Host-${name}` : name
  }

  /** The value of Set-Cookie that keeps a token until it expires. */
  keep(token: string, maxAgeSeconds: number): string {
    return this.write(token, maxAgeSeconds)
  }

  clear(): string {
    return this.write('', 0)
  }

  read(headers: IncomingHttpHeaders): string | undefined {
    for (const part of (headers.cookie ?? '').split(';')) {
      const equals = part.indexOf('=')
      if (equals > 0 && part.slice(0, equals).trim() === this.name) return part.slice(equals + 1).trim() || undefined
    }
    return undefined
  }

  private write(value: string, maxAgeSeconds: number): string {
    return `${this.name}=${value}; Path=/; Max-Age=${maxAgeSeconds}; HttpOnly; SameSite=Lax${this.secure ? '; Secure' : ''}`
  }
}
