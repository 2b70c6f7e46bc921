/** What gateways ask of the engine's process beside commands: the work that must be done in one place. */
import type { Alerts, MemoryRateLimits, TakenRequests, WalletService } from '@bourse/api'
import type { Exchange, LinkCalls } from '@bourse/exchange'
import type { CountedName, FailureKind, Failures } from '@bourse/identity'

export interface EngineCallParts {
  readonly exchange: Pick<Exchange, 'historyReached'>
  readonly wallet: WalletService
  readonly limits: MemoryRateLimits
  readonly taken: TakenRequests
  readonly failures: Failures
  readonly alerts: Alerts
}

/** Arguments and answers travel as JSON. */
export function engineCalls({ exchange, wallet, limits, taken, failures, alerts }: EngineCallParts) {
  return {
    historyReached: (sequence: number) => exchange.historyReached(sequence),
    depositAddress: (...args: Parameters<WalletService['depositAddress']>) => wallet.depositAddress(...args),
    deposits: (...args: Parameters<WalletService['deposits']>) => wallet.deposits(...args),
    withdraw: (...args: Parameters<WalletService['withdraw']>) => wallet.withdraw(...args),
    withdrawals: (...args: Parameters<WalletService['withdrawals']>) => wallet.withdrawals(...args),
    faucet: (...args: Parameters<WalletService['faucet']>) => wallet.faucet(...args),
    spend: (...args: Parameters<MemoryRateLimits['take']>) => limits.take(...args),
    takeOnce: (...args: Parameters<TakenRequests['take']>) => taken.take(...args),
    beginTry: (kind: FailureKind, names: readonly CountedName[], nowMs: number) => failures[kind].begin(names, nowMs),
    forgetFailures: (kind: FailureKind, key: string) => failures[kind].forget(key),
    takeBackFailure: (kind: FailureKind, key: string) => failures[kind].takeBack(key),
    createAlert: (...args: Parameters<Alerts['create']>) => alerts.create(...args),
    removeAlert: (...args: Parameters<Alerts['remove']>) => alerts.remove(...args),
    alertsSettled: () => alerts.settled(),
  } satisfies LinkCalls
}

export type EngineCalls = ReturnType<typeof engineCalls>
