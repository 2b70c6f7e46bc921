/** What a call is: how it is named over REST and over a socket, who may call it, what it costs and what it does. */
import type { Cost } from '@bourse/client'
import type { Caller, KeyAccess } from '../request/callers.js'
import type { Parameters } from '../request/parameters.js'

export type RestMethod = 'GET' | 'POST' | 'PUT' | 'DELETE'

interface CallNames {
  readonly method: RestMethod
  /** Whole paths; some calls have two. */
  readonly paths: readonly string[]
  /** Its name on `/ws-api/v3`, where it has one. */
  readonly socket?: string
  readonly cost: Cost
}

export interface PublicCall extends CallNames {
  readonly access: 'public'
  run(parameters: Parameters): Promise<unknown> | unknown
}

export interface PrivateCall extends CallNames {
  readonly access: KeyAccess
  /** The same signed request is taken once. */
  readonly once: boolean
  run(parameters: Parameters, caller: Caller): Promise<unknown> | unknown
}

export type Call = PublicCall | PrivateCall

type Names = Pick<CallNames, 'socket'> & { readonly weight?: number; readonly orders?: number; readonly once?: boolean }

/** A call that anyone may make. @param address method and path, as in `GET /api/v3/time`. */
export function publicCall(address: string, names: Names, run: PublicCall['run']): PublicCall {
  return { access: 'public', ...named(address, names), run }
}

/** A call with an API key. */
export function privateCall(address: string, names: Names & { readonly access: KeyAccess }, run: PrivateCall['run']): PrivateCall {
  return { access: names.access, once: names.once ?? false, ...named(address, names), run }
}

function named(address: string, { socket, weight = 1, orders = 0 }: Names): CallNames {
  const [method, ...paths] = address.split(' ')
  return { method: method as RestMethod, paths, cost: { weight, orders }, ...(socket === undefined ? {} : { socket }) }
}
