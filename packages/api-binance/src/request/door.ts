/** The one way into every call, over REST and over sockets: ban, limits, key, scope, account, work. */
import type { GatewayShare } from '@bourse/api'
import type { Call, PrivateCall } from '../calls/call.js'
import { requireScope, type Caller, type Callers } from './callers.js'
import type { Parameters } from './parameters.js'
import type { Spending, Spent } from './spending.js'

/** A call as it came. */
export interface IncomingCall {
  readonly parameters: Parameters
  readonly address: string
  readonly key: string | undefined
  readonly payload: string
  readonly escapedPayload?: string
  readonly signature: string | undefined
}

export interface Answer {
  readonly result: unknown
  readonly spent: Spent
}

export class Door {
  constructor(
    private readonly share: GatewayShare,
    private readonly callers: Callers,
    private readonly spending: Spending,
  ) {}

  /**
   * Carries a call out.
   *
   * @param tell told what it cost before the work begins, for the headers of an error too.
   * @param loggedOn of a socket that has proved its key before: it signs no more.
   * @throws BinanceError, or whatever the services throw.
   */
  async enter(call: Call, incoming: IncomingCall, { tell = () => undefined, loggedOn }: { tell?: (spent: Spent) => void; loggedOn?: Caller | undefined } = {}): Promise<Answer> {
    const { address, parameters } = incoming
    this.spending.checkBan(address)
    if (call.access === 'public') {
      const spent = await this.spending.spend(call.cost, { address })
      tell(spent)
      return { result: await call.run(parameters), spent }
    }
    const caller = await this.admit(call, incoming, loggedOn)
    const { user, apiKey } = caller
    const refusal = call.access === 'trade' ? this.share.mayNotTrade(user) : undefined
    if (refusal !== undefined) throw refusal
    const spent = await this.spending.spend(call.cost, { key: apiKey.key, userId: user.userId, address })
    tell(spent)
    await this.share.prepareAccount(user.userId)
    return { result: await call.run(parameters, caller), spent }
  }

  /** Whoever is refused spends the budget of their address: guessing keys is not free. */
  private async admit(call: PrivateCall, incoming: IncomingCall, loggedOn: Caller | undefined): Promise<Caller> {
    try {
      if (loggedOn === undefined || incoming.signature !== undefined) return await this.callers.admit({ ...incoming, access: call.access, once: call.once })
      if (incoming.parameters.has('timestamp')) this.callers.checkTime(incoming.parameters)
      const caller = await this.callers.still(loggedOn)
      if (call.access !== 'key') requireScope(caller.apiKey, call.access)
      return caller
    } catch (error) {
      await this.spending.spend(call.cost, { address: incoming.address })
      throw error
    }
  }
}
