/** Shows a JSON schema to people: a table of fields with links to the schemas that have a name, and an example. */
import { html, Markup, prose } from './html.js'

export interface ShownSchema {
  readonly $ref?: string
  readonly type?: string | readonly string[]
  readonly description?: string
  readonly enum?: readonly unknown[]
  readonly const?: unknown
  readonly default?: unknown
  readonly examples?: readonly unknown[]
  readonly minimum?: number
  readonly maximum?: number
  readonly maxItems?: number
  readonly properties?: Readonly<Record<string, ShownSchema>>
  readonly required?: readonly string[]
  readonly items?: ShownSchema
  readonly prefixItems?: readonly ShownSchema[]
  readonly anyOf?: readonly ShownSchema[]
  readonly oneOf?: readonly ShownSchema[]
  readonly additionalProperties?: ShownSchema | boolean
}
export type NamedSchemas = Readonly<Record<string, ShownSchema>>

/** The fields of an object, or what another schema is in one line. */
export function schemaTable(schema: ShownSchema): Markup {
  if (schema.properties === undefined) return html`<p>${typeOf(schema)}</p>`
  const rows = Object.entries(schema.properties).map(
    ([name, field]) => html`<tr><td><code>${name}</code>${schema.required?.includes(name) === true ? '' : html` <span class="muted">optional</span>`}</td><td>${typeOf(field)}</td><td>${field.description === undefined ? '' : prose(field.description)}</td></tr>`,
  )
  return html`<div class="wide"><table><thead><tr><th>Field</th><th>Type</th><th>Meaning</th></tr></thead><tbody>${rows}</tbody></table></div>`
}

/** A schema in a few words. */
export function typeOf(schema: ShownSchema): Markup {
  if (schema.$ref !== undefined) return html`<a href="#schema-${nameOf(schema.$ref)}">${nameOf(schema.$ref)}</a>`
  if (schema.const !== undefined) return html`<code>${JSON.stringify(schema.const)}</code>`
  if (schema.enum !== undefined) return joined(schema.enum.map((value) => html`<code>${String(value)}</code>`), ' | ')
  const choices = schema.anyOf ?? schema.oneOf
  if (choices !== undefined) return joined(choices.map(typeOf), ' | ')
  if (schema.prefixItems !== undefined) return html`[${joined(schema.prefixItems.map(typeOf), ', ')}]`
  if (schema.items !== undefined) return html`list of ${typeOf(schema.items)}${schema.maxItems === undefined ? '' : `, at most ${schema.maxItems}`}`
  if (schema.properties !== undefined) return joined(Object.entries(schema.properties).map(([name, field]) => html`<code>${name}</code>: ${typeOf(field)}`), ', ')
  if (typeof schema.additionalProperties === 'object') return html`by name: ${typeOf(schema.additionalProperties)}`
  const types = typeof schema.type === 'string' ? [schema.type] : (schema.type ?? ['anything'])
  return html`${types.join(' | ')}${boundsOf(schema)}${schema.default === undefined ? '' : html`, default <code>${JSON.stringify(schema.default)}</code>`}`
}

function boundsOf({ minimum, maximum }: ShownSchema): string {
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum
  if (from === undefined && to === undefined) return ''
  return to === undefined ? `, from ${from}` : `, ${from ?? ''} to ${to}`
}

function joined(pieces: readonly Markup[], between: string): Markup {
  return new Markup(pieces.map(({ text }) => text).join(between))
}

export function nameOf(reference: string): string {
  return reference.slice(reference.lastIndexOf('/') + 1)
}

const NAMED_EXAMPLES: Readonly<Record<string, unknown>> = { MarketSymbol: 'BTC-USDT', AssetCode: 'BTC', Decimal: '1.00', SignedDecimal: '-1.00', Side: 'buy', ClientOrderId: 'my-order-1' }

/** A value of the schema to begin with: fields that are required, with names that are likely to exist. */
export function exampleOf(schema: ShownSchema, named: NamedSchemas): unknown {
  if (schema.examples?.[0] !== undefined) return schema.examples[0]
  if (schema.$ref !== undefined) {
    const name = nameOf(schema.$ref)
    return NAMED_EXAMPLES[name] ?? exampleOf(named[name] ?? {}, named)
  }
  if (schema.const !== undefined) return schema.const
  if (schema.enum !== undefined) return schema.enum[0]
  const choice = schema.anyOf?.[0] ?? schema.oneOf?.[0]
  if (choice !== undefined) return exampleOf(choice, named)
  if (schema.prefixItems !== undefined) return schema.prefixItems.map((item) => exampleOf(item, named))
  if (schema.items !== undefined) return [exampleOf(schema.items, named)]
  if (schema.properties !== undefined) return Object.fromEntries(Object.entries(schema.properties).filter(([name]) => schema.required?.includes(name)).map(([name, field]) => [name, exampleOf(field, named)]))
  if (schema.type === 'integer' || schema.type === 'number') return Math.max(schema.minimum ?? 1, 1)
  return schema.type === 'boolean' ? false : schema.type === 'string' ? '' : {}
}
