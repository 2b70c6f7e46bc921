/** The OpenAPI 3.1 document of the routes that are served. */
import { ApiError, COSTS, RATE_LIMITS, ROUTE_TAGS, type AccessPolicy, type RouteContract } from '@bourse/client'
import { z } from 'zod'
import { errorCatalogue } from './error-catalogue.js'
import { documentSchemas, type DocumentSchemas, type JsonSchema } from './json-schemas.js'

export interface DocumentFacts {
  /** Of the exchange. */
  readonly name: string
  readonly routes: readonly RouteContract[]
}

export const API_VERSION = '1.0.0'

/** Which log-ins open a route. */
const SECURITY: Readonly<Record<AccessPolicy, readonly Readonly<Record<string, readonly string[]>>[]>> = {
  public: [],
  read: [{ session: [] }, { bearer: [] }, { apiKey: [], apiTimestamp: [], apiSignature: [] }],
  trade: [{ session: [] }, { bearer: [] }, { apiKey: [], apiTimestamp: [], apiSignature: [] }],
  withdraw: [{ session: [] }, { bearer: [] }, { apiKey: [], apiTimestamp: [], apiSignature: [] }],
  account: [{ session: [] }, { bearer: [] }],
  operator: [{ session: [] }, { bearer: [] }],
}

export function openApiDocument({ name, routes }: DocumentFacts): JsonSchema {
  const schemas = documentSchemas([ApiError, ...routes.flatMap(({ params, query, body, answer }) => [...fieldsOf(params), ...fieldsOf(query), ...bodySchema(body), answer])])
  return {
    openapi: '3.1.0',
    info: {
      title: `${name} API`,
      version: API_VERSION,
      description: 'Amounts, prices and quantities are decimal strings, times are milliseconds since 1970. Requests with unknown fields are refused; answers may gain fields, which a client must ignore.',
    },
    servers: [{ url: '/api/v1' }],
    tags: ROUTE_TAGS.filter((tag) => routes.some((route) => route.tag === tag)).map((tag) => ({ name: tag })),
    paths: pathsOf(routes, schemas),
    components: {
      schemas: schemas.named,
      responses: { error: { description: 'Refused; `code` says why.', content: json(schemas.of(ApiError)) } },
      headers: HEADERS,
      securitySchemes: SECURITY_SCHEMES,
    },
    'x-limits': RATE_LIMITS,
    'x-errors': Object.fromEntries(errorCatalogue()),
  }
}

function pathsOf(routes: readonly RouteContract[], schemas: DocumentSchemas): JsonSchema {
  const paths: Record<string, Record<string, unknown>> = {}
  for (const route of routes) {
    const path = route.path.replaceAll(/:([A-Za-z]+)/g, '{$1}')
    paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route, schemas) }
  }
  return paths
}

function operationOf(route: RouteContract, schemas: DocumentSchemas): JsonSchema {
  const { weight, orders } = COSTS[route.budget]
  const body = bodySchema(route.body)[0]
  const parameters = [...parametersOf('path', route.params, schemas), ...parametersOf('query', route.query, schemas), ...headersOf(route)]
  return {
    operationId: route.name,
    tags: [route.tag],
    summary: route.summary,
    ...(parameters.length > 0 && { parameters }),
    ...(body !== undefined && { requestBody: { required: !body.safeParse(undefined).success, content: json(schemas.of(body)) } }),
    responses: {
      [route.status]: successOf(route, schemas),
      '4XX': { $ref: '#/components/responses/error' },
      '5XX': { $ref: '#/components/responses/error' },
    },
    ...(route.access !== 'public' && { security: SECURITY[route.access] }),
    'x-access': route.access,
    ...(route.needs.length > 0 && { 'x-needs': route.needs }),
    ...(route.roles.length > 0 && { 'x-roles': route.roles }),
    'x-weight': weight,
    'x-orders': route.ordersIn.length > 0 ? `each of ${route.ordersIn.join(' and ')}` : orders,
  }
}

function successOf(route: RouteContract, schemas: DocumentSchemas): JsonSchema {
  const headers = Object.fromEntries(Object.keys(HEADERS).map((header) => [header, { $ref: `#/components/headers/${header}` }]))
  if (route.answer instanceof z.ZodVoid) return { description: 'Done.', headers }
  return { description: 'Done.', headers, content: { ...json(schemas.of(route.answer)), ...(route.csv && { 'text/csv': { schema: { type: 'string' } } }) } }
}

/** Every POST that changes something may be sent again under one key; what concerns one account may act for a sub-account. */
function headersOf({ method, access, subAccounts }: RouteContract): readonly JsonSchema[] {
  const header = (name: string, description: string): JsonSchema => ({ name, in: 'header', required: false, description, schema: { type: 'string', minLength: 1, maxLength: 36 } })
  return [
    ...(method === 'POST' && access !== 'public' ? [header('Idempotency-Key', 'The same key with the same request gives the first answer again; with another request 409.')] : []),
    ...(subAccounts ? [header('X-Sub-Account', 'Acts for this sub-account of the one who asks.')] : []),
  ]
}

function parametersOf(place: 'path' | 'query', schema: z.ZodType, schemas: DocumentSchemas): readonly JsonSchema[] {
  if (!(schema instanceof z.ZodObject)) return []
  return Object.entries(schema.shape).map(([name, field]) => {
    const { description, ...rest } = schemas.of(field)
    return { name, in: place, required: place === 'path' || !field.safeParse(undefined).success, ...(description !== undefined && { description }), schema: rest }
  })
}

function fieldsOf(schema: z.ZodType): readonly z.ZodType[] {
  return schema instanceof z.ZodObject ? Object.values(schema.shape) : []
}

/** None where a route takes no body. */
function bodySchema(body: z.ZodType): readonly z.ZodType[] {
  return body instanceof z.ZodUnion && body.def.options.some((option) => option instanceof z.ZodUndefined) ? [] : [body]
}

function json(schema: JsonSchema): JsonSchema {
  return { 'application/json': { schema } }
}

const HEADERS: Readonly<Record<string, JsonSchema>> = {
  'X-Request-Id': { description: 'Names this request in the log of the exchange.', schema: { type: 'string' } },
  'RateLimit-Limit': { description: 'The budget of weight with the least left.', schema: { type: 'integer' } },
  'RateLimit-Remaining': { description: 'What is left of it.', schema: { type: 'integer' } },
  'RateLimit-Reset': { description: 'Seconds until it is full again.', schema: { type: 'integer' } },
}

const SECURITY_SCHEMES: Readonly<Record<string, JsonSchema>> = {
  session: { type: 'apiKey', in: 'cookie', name: '__Host-session', description: "Browsers: the cookie that log-in sets. Writes must come from the exchange's own pages." },
  bearer: { type: 'http', scheme: 'bearer', description: 'Programs: the token that log-in returned.' },
  apiKey: { type: 'apiKey', in: 'header', name: 'x-api-key' },
  apiTimestamp: { type: 'apiKey', in: 'header', name: 'x-api-timestamp', description: "Milliseconds since 1970, within 5 s of the exchange's clock." },
  apiSignature: { type: 'apiKey', in: 'header', name: 'x-api-signature', description: 'HMAC-SHA-256 in hexadecimal or Ed25519 in base64 over timestamp, method, path with query and body, joined by line feeds.' },
}
