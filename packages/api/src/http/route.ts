/** What a route declares: method, path, who may call it, what it takes, and what it does. */
import type { OpenSession, Person } from '@bourse/identity'
import { z } from 'zod'
import { invalidRequest } from './failures.js'
import type { BudgetKind } from './rate-limits.js'

export const ACCESS_POLICIES = ['public', 'read', 'trade', 'withdraw', 'account'] as const
/**
 * `public`: anyone. The others: whoever is logged in, for their own things only; and programs with an API key
 * that may `read`, `trade` or `withdraw`. `account`: no key, only the person.
 */
export type AccessPolicy = (typeof ACCESS_POLICIES)[number]

/** The one who calls, and what a handler may do to their log-in. */
export interface Caller<Access extends AccessPolicy = AccessPolicy> {
  readonly user: Access extends 'public' ? Person | undefined : Person
  /** Undefined for programs with an API key. */
  readonly session: Access extends 'account' ? OpenSession : OpenSession | undefined
  readonly address: string
  /** A page sent it: the session stays in the cookie. */
  readonly fromPage: boolean
  keepSession(token: string, expiresMs: number): void
  clearSession(): void
}

export interface RouteCall<Access extends AccessPolicy, Params, Query, Body> {
  readonly caller: Caller<Access>
  readonly params: Params
  readonly query: Query
  readonly body: Body
}

export type Method = 'GET' | 'POST' | 'PATCH' | 'DELETE'

export interface RouteSpec<Access extends AccessPolicy, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> {
  readonly method: Method
  /** After `/api/v1`, with express's parameters. */
  readonly path: string
  readonly access: Access
  readonly budget: BudgetKind
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Of a success; 200 by default. A handler that returns undefined answers 204. */
  readonly status?: number
  handle(call: RouteCall<Access, z.output<Params>, z.output<Query>, z.output<Body>>): Promise<unknown> | unknown
}

/** A request as it came, not yet checked. */
export interface RawCall {
  readonly caller: Caller
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
}

/** A route whose types have been closed: raw input in, answer out. */
export interface Route {
  readonly method: Method
  readonly path: string
  readonly access: AccessPolicy
  readonly budget: BudgetKind
  readonly status: number
  /** What it takes, for documentation and tests; undefined where it takes nothing. */
  readonly schemas: { readonly params: z.ZodType | undefined; readonly query: z.ZodType | undefined; readonly body: z.ZodType | undefined }
  /** Checks the input strictly, then handles it. The caller must have been admitted by `access` before. */
  run(call: RawCall): Promise<unknown>
}

const NO_VALUES = z.strictObject({})
/** No body, or an empty one. */
const NO_BODY = z.union([z.undefined(), z.strictObject({})])

export function defineRoute<Access extends AccessPolicy, Params extends z.ZodType = typeof NO_VALUES, Query extends z.ZodType = typeof NO_VALUES, Body extends z.ZodType = typeof NO_BODY>(
  spec: RouteSpec<Access, Params, Query, Body>,
): Route {
  const { method, path, access, budget, status = 200 } = spec
  return {
    method,
    path,
    access,
    budget,
    status,
    schemas: { params: spec.params, query: spec.query, body: spec.body },
    async run(call) {
      const params = read((spec.params ?? NO_VALUES) as Params, call.params)
      const query = read((spec.query ?? NO_VALUES) as Query, call.query)
      const body = read((spec.body ?? NO_BODY) as Body, call.body)
      // Who is admitted is decided by `access` before the handler runs, which is what the caller's type says.
      return spec.handle({ caller: call.caller as Caller<Access>, params, query, body })
    },
  }
}

/** Reads an input strictly, or throws the failure that names its first fault. */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  const result = schema.safeParse(input)
  if (!result.success) throw invalidRequest(result.error, input)
  return result.data
}
