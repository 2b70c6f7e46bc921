/** A gateway's services that are the work of the engine's process, asked over the link. */
import { ApiFailure, type OneTimeRequests, type RateLimits, type WalletService } from '@bourse/api'
import { LinkError, type ReplicaExchange } from '@bourse/exchange'
import { FAILURE_KINDS, type FailureCounts, type FailureKind, type Failures } from '@bourse/identity'
import type { EngineCalls } from './engine-calls.js'
import type { Note } from './notes.js'

type Link = Pick<ReplicaExchange, 'call' | 'onNote'>
type Answer<Name extends keyof EngineCalls> = Awaited<ReturnType<EngineCalls[Name]>>

/** Asks the engine's process; its refusals are refused here in the same words. */
export async function ask<Name extends keyof EngineCalls>(link: Pick<Link, 'call'>, name: Name, ...args: Parameters<EngineCalls[Name]>): Promise<Answer<Name>> {
  try {
    return (await link.call(name, ...args)) as Answer<Name>
  } catch (error) {
    if (!(error instanceof LinkError) || typeof error.facts['status'] !== 'number') throw error
    const field = error.facts['field']
    throw new ApiFailure({ status: error.facts['status'], code: error.code, message: error.message, field: typeof field === 'string' ? field : undefined })
  }
}

export function engineWallet(link: Link): WalletService {
  return {
    depositAddress: (...args) => ask(link, 'depositAddress', ...args),
    deposits: (...args) => ask(link, 'deposits', ...args),
    withdraw: (...args) => ask(link, 'withdraw', ...args),
    withdrawals: (...args) => ask(link, 'withdrawals', ...args),
    faucet: (...args) => ask(link, 'faucet', ...args),
    onChange: (listener) =>
      link.onNote((note) => {
        const { wallet } = note as Note
        if (wallet !== undefined) listener(wallet)
      }),
  }
}

export function engineRateLimits(link: Link): RateLimits {
  return { take: (...args) => ask(link, 'spend', ...args) }
}

export function engineOneTimeRequests(link: Link): OneTimeRequests {
  return { take: (...args) => ask(link, 'takeOnce', ...args) }
}

/** Failures are counted for all gateways together: more gateways are not more guesses. */
export function engineFailures(link: Link): Failures {
  const counts = (kind: FailureKind): FailureCounts => ({
    begin: (names, nowMs) => ask(link, 'beginTry', kind, names, nowMs),
    forget: (key) => ask(link, 'forgetFailures', kind, key),
    takeBack: (key) => ask(link, 'takeBackFailure', kind, key),
  })
  return Object.fromEntries(FAILURE_KINDS.map((kind) => [kind, counts(kind)])) as Failures
}
