/** Wire schemas as JSON Schema 2020-12, for OpenAPI and AsyncAPI alike: those with a name once, the others in their place. */
import * as wire from '@bourse/client'
import { z } from 'zod'

export type JsonSchema = Readonly<Record<string, unknown>>

export interface DocumentSchemas {
  /** Components by name. */
  readonly named: Readonly<Record<string, JsonSchema>>
  /** The schema in its place: a reference where it has a name. */
  of(schema: z.ZodType): JsonSchema
}

const NAMED_URI = '#/components/schemas/'
const PLACE = '__place_'

/** @param placed every schema that {@link DocumentSchemas.of} will be asked for. */
export function documentSchemas(placed: readonly z.ZodType[]): DocumentSchemas {
  const registry = z.registry<{ id: string }>()
  for (const [name, schema] of Object.entries(wire)) {
    if (schema instanceof z.ZodType && isNamed(name, schema) && !registry.has(schema)) registry.add(schema, { id: name })
  }
  const places = new Map<z.ZodType, string>()
  for (const schema of placed) {
    if (registry.has(schema) || schema instanceof z.ZodVoid) continue
    const id = `${PLACE}${places.size}`
    places.set(schema, id)
    registry.add(schema, { id })
  }
  const { schemas } = z.toJSONSchema(registry, { io: 'input', unrepresentable: 'any', uri: (id) => `${NAMED_URI}${id}`, override: plain })
  const written = new Map(Object.entries(schemas).map(([name, schema]) => [name, withoutIdentity(schema)]))
  const plainSchemas = new Map([...written].map(([name, schema]) => [name, withoutPlaces(schema, written)]))
  return {
    named: Object.fromEntries([...plainSchemas].filter(([name]) => !name.startsWith(PLACE)).sort(([one], [other]) => one.localeCompare(other))),
    of(schema) {
      const place = places.get(schema)
      if (place !== undefined) return plainSchemas.get(place) ?? {}
      const id = registry.get(schema)?.id
      return id === undefined ? {} : { $ref: `${NAMED_URI}${id}` }
    },
  }
}

/** What carries nothing and the pieces of which schemas are made have no name of their own. */
function isNamed(name: string, schema: z.ZodType): boolean {
  return /^[A-Z]/.test(name) && !name.startsWith('No') && !(schema instanceof z.ZodVoid)
}

/** Numbers in a query are texts on their way and numbers to the reader. */
function plain({ zodSchema, jsonSchema }: { zodSchema: z.core.$ZodTypes; jsonSchema: Record<string, unknown> }): void {
  if (jsonSchema['type'] === 'integer') delete jsonSchema['pattern']
  if (zodSchema instanceof z.ZodDefault && jsonSchema['default'] === undefined) jsonSchema['default'] = zodSchema.def.defaultValue
}

function withoutIdentity(schema: object): JsonSchema {
  return Object.fromEntries(Object.entries(schema).filter(([key]) => key !== '$schema' && key !== '$id'))
}

/** Replaces references to schemas that have only a place by what stands there. */
function withoutPlaces(schema: JsonSchema, written: ReadonlyMap<string, JsonSchema>): JsonSchema {
  const walk = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(walk)
    return typeof value === 'object' && value !== null ? walkObject(Object.fromEntries(Object.entries(value))) : value
  }
  const walkObject = ({ $ref, ...rest }: Record<string, unknown>): Record<string, unknown> => {
    const walked = Object.fromEntries(Object.entries(rest).map(([key, value]) => [key, walk(value)]))
    if ($ref === undefined) return walked
    const place = typeof $ref === 'string' && $ref.startsWith(`${NAMED_URI}${PLACE}`) ? written.get($ref.slice(NAMED_URI.length)) : undefined
    return place === undefined ? { $ref, ...walked } : { ...walkObject(place), ...walked }
  }
  return walkObject(schema)
}
