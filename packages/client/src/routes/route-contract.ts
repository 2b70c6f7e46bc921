/** What a route of the API is, for server, client and documentation alike: method, path, who may call it, what it takes and gives. */
import { z } from 'zod'
import type { OperatorRole } from '../schemas/index.js'

export const ACCESS_POLICIES = ['public', 'read', 'trade', 'withdraw', 'account', 'operator'] as const
/**
 * `public`: anyone. The others: whoever is logged in, for their own things only; and programs with an API key
 * that may `read`, `trade` or `withdraw`. `account`: no key, only the person. `operator`: no key, only persons with
 * one of the route's `roles`.
 */
export type AccessPolicy = (typeof ACCESS_POLICIES)[number]

/**
 * What a route asks beside being allowed. `verified`: the e-mail address is proved. `proof`: whoever is logged in has
 * proved lately who they are (API keys are bound to addresses instead).
 */
export type RouteNeed = 'verified' | 'proof'

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'

/** Names the sub-account that a request acts for. */
export const SUB_ACCOUNT_HEADER = 'x-sub-account'

/** What a request spends of its caller's budgets; see {@link COSTS}. */
export type CostKind = 'read' | 'history' | 'file' | 'order' | 'wallet' | 'logIn'

/** Weight, and how many orders a request counts as; a list of orders counts each. */
export interface Cost {
  readonly weight: number
  readonly orders: number
}

export const COSTS: Readonly<Record<CostKind, Cost>> = {
  read: { weight: 1, orders: 0 },
  history: { weight: 5, orders: 0 },
  /** A whole history as one file. */
  file: { weight: 200, orders: 0 },
  order: { weight: 1, orders: 1 },
  wallet: { weight: 50, orders: 0 },
  logIn: { weight: 100, orders: 0 },
}

export const ROUTE_TAGS = ['exchange', 'market data', 'people', 'security', 'API keys', 'orders', 'quotes', 'history', 'accounts', 'wallet', 'alerts', 'operators'] as const
export type RouteTag = (typeof ROUTE_TAGS)[number]

/** A call whose answer carries nothing. */
export const Nothing = z.void()
export type Nothing = typeof Nothing

/** Nothing in path or query. */
export const NoValues = z.strictObject({})
/** No body, or an empty one. */
export const NoBody = z.union([z.undefined(), z.strictObject({})])

/** One route; what is left out takes nothing. */
export interface RouteContract<
  Access extends AccessPolicy = AccessPolicy,
  Params extends z.ZodType = z.ZodType,
  Query extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Answer extends z.ZodType = z.ZodType,
> {
  /** Unique; also the name of the client's method. */
  readonly name: string
  readonly method: Method
  /** After `/api/v1`, parameters as `:name`. */
  readonly path: string
  readonly access: Access
  readonly budget: CostKind
  readonly tag: RouteTag
  /** One sentence. */
  readonly summary: string
  readonly params: Params
  readonly query: Query
  readonly body: Body
  readonly answer: Answer
  /** Of a success. */
  readonly status: number
  readonly needs: readonly RouteNeed[]
  /** Of an operator's route; empty elsewhere. */
  readonly roles: readonly OperatorRole[]
  /** Fields of the body that list orders, each of which counts as one. */
  readonly ordersIn: readonly string[]
  /** `format=csv` gives the whole list as a file of comma-separated values. */
  readonly csv: boolean
  /** The header `X-Sub-Account` has it act for a sub-account. */
  readonly subAccounts: boolean
}

export interface RouteOptions<Access extends AccessPolicy, Params extends z.ZodType, Query extends z.ZodType, Body extends z.ZodType, Answer extends z.ZodType> {
  readonly name: string
  readonly method: Method
  readonly path: string
  readonly access: Access
  readonly budget: CostKind
  readonly tag: RouteTag
  readonly summary: string
  readonly params?: Params
  readonly query?: Query
  readonly body?: Body
  readonly answer: Answer
  readonly status?: number
  readonly needs?: readonly RouteNeed[]
  readonly roles?: readonly OperatorRole[]
  readonly ordersIn?: readonly string[]
  readonly csv?: boolean
  readonly subAccounts?: boolean
}

/** Writes a row of the table of routes. */
export function route<
  Access extends AccessPolicy,
  Answer extends z.ZodType,
  Params extends z.ZodType = typeof NoValues,
  Query extends z.ZodType = typeof NoValues,
  Body extends z.ZodType = typeof NoBody,
>(options: RouteOptions<Access, Params, Query, Body, Answer>): RouteContract<Access, Params, Query, Body, Answer> {
  return {
    ...options,
    params: (options.params ?? NoValues) as Params,
    query: (options.query ?? NoValues) as Query,
    body: (options.body ?? NoBody) as Body,
    status: options.status ?? (options.answer instanceof z.ZodVoid ? 204 : 200),
    needs: options.needs ?? [],
    roles: options.roles ?? [],
    ordersIn: options.ordersIn ?? [],
    csv: options.csv ?? false,
    subAccounts: options.subAccounts ?? false,
  }
}
