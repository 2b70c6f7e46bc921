/** Takes secrets out of what is about to be logged: by the name of a field at any depth, and by their look inside texts. */

const GONE = '[redacted]'
const MAX_DEPTH = 6
/** Names of fields whose values are secrets, in any spelling: `newPassword`, `x-api-signature`, `set-cookie`. */
const SECRET_NAME = /pass(?:word|phrase|wd)|secret|token|cookie|authorization|signature|private.?key|master.?key|recovery.?codes?|totp|otp\b|credential|session.?id$|seed.?phrase|mnemonic/i
/** A code that somebody types: never the word of an error. */
const CODE_NAME = /code$/i
const TYPED_CODE = /^(?=.*\d)[A-Za-z0-9-]{4,64}$/

const NAMES = 'pass(?:word|phrase)|new_?password|secret|token|signature|code|totp|otp|recovery_?codes?|cookie|authorization'
const TEXT_RULES: readonly (readonly [RegExp, string])[] = [
  [/(:\/\/[^\s:/@"']*:)[^\s@"']*@/g, `$1${GONE}@`],
  [/\b(Bearer|Basic)\s+[A-Za-z0-9._~+/=-]+/gi, `$1 ${GONE}`],
  [/((?:__Host-|__Secure-)?session=)[^;\s"',]+/g, `$1${GONE}`],
  // JSON, objects as node prints them, and queries.
  [new RegExp(`(["']?[A-Za-z_]*(?:${NAMES})["']?\\s*[:=]\\s*)("(?:[^"\\\\]|\\\\.)*"|'(?:[^'\\\\]|\\\\.)*')`, 'gi'), `$1${GONE}`],
  [new RegExp(`([?&][A-Za-z_]*(?:${NAMES})=)[^&\\s"']+`, 'gi'), `$1${GONE}`],
]

/** The same facts with every secret replaced; errors become their kind, message and stack. */
export function scrubFacts(facts: object): Record<string, unknown> {
  return Object.fromEntries(Object.entries(facts).map(([name, value]) => [name, scrubField(name, value, 0)]))
}

export function scrubText(text: string): string {
  return TEXT_RULES.reduce((clean, [look, replacement]) => clean.replace(look, replacement), text)
}

function scrubField(name: string, value: unknown, depth: number): unknown {
  if (value === undefined || value === null || typeof value === 'boolean') return value
  if (SECRET_NAME.test(name)) return GONE
  if (CODE_NAME.test(name) && (typeof value === 'number' || (typeof value === 'string' && TYPED_CODE.test(value)))) return GONE
  return scrub(value, depth)
}

function scrub(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return scrubText(value)
  if (typeof value === 'bigint') return value.toString()
  if (typeof value !== 'object' || value === null) return typeof value === 'function' || typeof value === 'symbol' ? undefined : value
  if (depth >= MAX_DEPTH) return '[deeper]'
  if (value instanceof Error) return describeError(value, depth)
  if (ArrayBuffer.isView(value)) return `[${value.byteLength} bytes]`
  if (Array.isArray(value)) return value.map((item) => scrub(item, depth + 1))
  return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, scrubField(name, item, depth + 1)]))
}

function describeError(error: Error, depth: number): object {
  const code = 'code' in error && typeof error.code === 'string' ? { code: error.code } : {}
  const cause = error.cause === undefined ? {} : { cause: scrub(error.cause, depth + 1) }
  return { type: error.name, message: scrubText(error.message), ...code, stack: scrubText(error.stack ?? ''), ...cause }
}
