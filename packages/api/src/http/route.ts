/** What a route declares: method, path, who may call it, what it takes, and what it does. */
import type { OpenSession, Person, SessionOrigin } from '@bourse/identity'
import { COSTS, route, type AccessPolicy, type Cost, type CostKind, type Method, type NoBody, type NoValues, type RouteContract } from '@bourse/client'
import { z } from 'zod'
import type { Download } from './download.js'
import { ApiFailure, invalidRequest } from './failures.js'

export { ACCESS_POLICIES, type AccessPolicy, type Method } from '@bourse/client'

/** Where the routes are mounted. */
export const API_PATH = '/api/v1'

/** The one who calls, and what a handler may do to their log-in. */
export interface Caller<Access extends AccessPolicy = AccessPolicy> {
  readonly user: Access extends 'public' ? Person | undefined : Person
  /** The account in the engine that the request acts for: the person's own, or one of their sub-accounts. Empty for nobody. */
  readonly account: string
  /** Undefined for programs with an API key. */
  readonly session: Access extends 'account' | 'operator' ? OpenSession : OpenSession | undefined
  readonly address: string
  /** Where the request comes from, for log-ins and the audit log. */
  readonly origin: SessionOrigin
  /** A program of this machine sent it, directly. */
  readonly isLocal: boolean
  /** A page sent it: the session stays in the cookie. */
  readonly fromPage: boolean
  keepSession(token: string, expiresMs: number): void
  clearSession(): void
  /** Lets the browser be known again by this secret. */
  keepDevice(token: string): void
}

export interface RouteCall<Access extends AccessPolicy, Params, Query, Body> {
  readonly caller: Caller<Access>
  readonly params: Params
  readonly query: Query
  readonly body: Body
  /** Of a request that is carried out once. */
  readonly idempotencyKey: string | undefined
}

/** What a route does beside what its contract says. */
export type Handle<Access extends AccessPolicy, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> = (call: RouteCall<Access, z.output<Params>, z.output<Query>, z.output<Body>>) => unknown

/** A route that is not in the table of version 1: that of a plugin, for example. What is left out takes nothing. */
export interface RouteSpec<Access extends AccessPolicy, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType> extends Partial<Pick<RouteContract, 'name' | 'tag' | 'summary' | 'answer' | 'ordersIn' | 'csv' | 'needs' | 'roles'>> {
  readonly method: Method
  /** After `/api/v1`, with express's parameters. */
  readonly path: string
  readonly access: Access
  readonly budget: CostKind
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  /** Of a success; 200 by default. A handler that returns undefined answers 204. */
  readonly status?: number
  readonly handle: Handle<Access, Params, Query, Body>
}

/** A request as it came, not yet checked. */
export interface RawCall {
  readonly caller: Caller
  readonly params: unknown
  readonly query: unknown
  readonly body: unknown
  readonly idempotencyKey?: string | undefined
}

/** A route whose types have been closed: raw input in, answer out. */
export interface Route {
  readonly contract: RouteContract
  readonly method: Method
  readonly path: string
  readonly access: AccessPolicy
  /** What a request costs, as far as its raw body tells. */
  cost(body: unknown, query?: unknown): Cost
  /** Checks the input strictly, then handles it. The caller must have been admitted by `access` before. */
  run(call: RawCall): Promise<unknown>
}

/** Gives a route of the table its handler. */
export function serveRoute<Access extends AccessPolicy, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType>(
  contract: RouteContract<Access, Params, Query, Body, Answer>,
  handle: (call: RouteCall<Access, z.output<Params>, z.output<Query>, z.output<Body>>) => Promise<Served<z.input<Answer>>> | Served<z.input<Answer>>,
): Route {
  return closed(contract, handle)
}

/** What a handler may give: the answer, or a download. */
export type Served<Answer> = Answer | Download

export function defineRoute<Access extends AccessPolicy, Params extends z.ZodType = typeof NoValues, Query extends z.ZodType = typeof NoValues, Body extends z.ZodType = typeof NoBody>(
  spec: RouteSpec<Access, Params, Query, Body>,
): Route {
  const { handle, ...options } = spec
  const name = spec.name ?? `${spec.method} ${spec.path}`
  return closed(route({ ...options, name, tag: spec.tag ?? 'exchange', summary: spec.summary ?? '', answer: spec.answer ?? z.unknown() }), handle)
}

function closed<Access extends AccessPolicy, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType>(contract: RouteContract<Access, Params, Query, Body>, handle: Handle<Access, Params, Query, Body>): Route {
  const { method, path, access, budget, ordersIn } = contract
  return {
    contract,
    method,
    path,
    access,
    cost: (body, query) => costOf(contract.csv && wantsFile(query) ? COSTS.file : COSTS[budget], ordersIn, body),
    async run(call) {
      const params = read(contract.params, call.params)
      const query = read(contract.query, call.query)
      const body = read(contract.body, call.body)
      // Who is admitted is decided by `access` before the handler runs, which is what the caller's type says.
      return handle({ caller: call.caller as Caller<Access>, params, query, body, idempotencyKey: call.idempotencyKey })
    },
  }
}

function wantsFile(query: unknown): boolean {
  return typeof query === 'object' && query !== null && Reflect.get(query, 'format') === 'csv'
}

/** A list of orders counts each of them; one order at least. */
export function costOf(cost: Cost, ordersIn: readonly string[], body: unknown): Cost {
  if (ordersIn.length === 0 || typeof body !== 'object' || body === null) return cost
  const orders = ordersIn.reduce((sum, field) => {
    const list: unknown = Object.hasOwn(body, field) ? Reflect.get(body, field) : undefined
    return sum + (Array.isArray(list) ? list.length : 0)
  }, 0)
  return { weight: cost.weight, orders: Math.max(cost.orders, orders) }
}

/** Reads an input strictly, or throws the failure that names its first fault. */
export function read<Schema extends z.ZodType>(schema: Schema, input: unknown): z.output<Schema> {
  // Some schemas would leave it out without a word.
  if (typeof input === 'object' && input !== null && Object.hasOwn(input, '__proto__')) throw new ApiFailure({ status: 400, code: 'invalid_request', message: 'The key "__proto__" is not taken.', field: '__proto__' })
  const result = schema.safeParse(input)
  if (!result.success) throw invalidRequest(result.error, input)
  return result.data
}
