/** Writes values into code, JSON, Markdown, XML and environment files so that no value can end what surrounds it. */

export type Value = string | number | boolean | null | readonly Value[] | { readonly [key: string]: Value }

const KEY = /^[A-Za-z_$][A-Za-z0-9_$]*$/

/** A TypeScript literal: strings in single quotes, everything that is not printable ASCII-safe punctuation escaped where it matters. */
export function typescriptLiteral(value: Value): string {
  if (typeof value === 'string') return singleQuoted(value)
  if (value === null || typeof value !== 'object') return JSON.stringify(value)
  if (Array.isArray(value)) return `[${value.map((item: Value) => typescriptLiteral(item)).join(', ')}]`
  const entries = Object.entries(value).map(([key, item]: [string, Value]) => `${KEY.test(key) ? key : singleQuoted(key)}: ${typescriptLiteral(item)}`)
  return entries.length === 0 ? '{}' : `{ ${entries.join(', ')} }`
}

/** JSON.stringify escapes backslashes, control characters and lone surrogates; only the quotes differ. */
function singleQuoted(text: string): string {
  const inside = breakTags(JSON.stringify(text).slice(1, -1)).replaceAll('\\"', '"').replaceAll("'", "\\'")
  return `'${inside}'`
}

/** JSON, indented as a file of its own would be. */
export function jsonLiteral(value: Value): string {
  return breakTags(JSON.stringify(value, null, 2))
}

/** Keeps `</script>`, `<!--` and the two line separators out of whatever page the text may once be embedded in. */
function breakTags(json: string): string {
  return json.replaceAll('</', '<\\/').replaceAll('<!--', '<\\u0021--').replaceAll('\u2028', '\\u2028').replaceAll('\u2029', '\\u2029')
}

/** One line of Markdown text, shown as it is. */
export function markdownText(text: string): string {
  return oneLine(text).replace(/[\\`*_{}[\]<>()#+!|~&$]/g, (character) => `\\${character}`)
}

/** Text and attribute values of XML; what XML cannot hold is left out. */
export function xmlText(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' }
  return oneLine(text).replace(/[&<>"']/g, (character) => entities[character] ?? '')
}

/**
 * A value of a `.env` file.
 *
 * @throws Error for what such a file cannot hold
 */
export function environmentValue(text: string): string {
  if (/[\p{Cc}"\\]/u.test(text)) throw new Error('A value of .env cannot hold quotes, backslashes or line breaks.')
  return text === '' ? '' : `"${text}"`
}

/** White space of any kind becomes one space; control characters and lone surrogates go. */
function oneLine(text: string): string {
  return text.toWellFormed().replace(/\s+/g, ' ').replace(/[\p{Cc}\p{Noncharacter_Code_Point}]/gu, '').trim()
}
