/** `order.cancel-replace` of the naive engine: tried on a copy of the whole state first. */
import { PLACE_CLIENT_ORDER_ID, REPLACE_MODE, REPLACE_MODES, REPLACED_CLIENT_ORDER_ID, REPLACED_ORDER_ID, type RejectCode } from '@bourse/core'
import { cancel } from './naive-cancel.js'
import { clientOrderIdOf, type NaiveOrder } from './naive-order.js'
import { placeOrder } from './naive-place.js'
import { liveOrders, NaiveRun, type NaiveState } from './naive-state.js'

/** They refuse the command, whatever its mode. */
const OF_THE_COMMAND: readonly (RejectCode | undefined)[] = ['unknown_account', 'unknown_market', 'malformed_frame', 'malformed_text', 'duplicate_request']

export function cancelReplace(run: NaiveRun): RejectCode | undefined {
  const { state, frame } = run
  const mode = frame.word(REPLACE_MODES, REPLACE_MODE)
  const oldName = frame.text(REPLACED_CLIENT_ORDER_ID)
  if (mode === undefined || [1, 2, 3].some((spare) => frame.u8(REPLACE_MODE + spare) !== 0)) return 'malformed_frame'
  if (oldName === undefined) return 'malformed_text'
  const old = findOld(state, run, oldName)
  if (old?.terms !== undefined && old.terms.siblingOrderId !== 0) return 'invalid_combination'

  const trial = new NaiveRun(structuredClone(state), frame)
  const oldInTrial = findOld(trial.state, trial, oldName)
  if (oldInTrial !== undefined) cancel(trial, oldInTrial, 'replaced', true)
  const fault = placeOrder(trial)
  const repeated = trial.events.find((event) => event.type === 'command.repeated')
  if (repeated?.type === 'command.repeated') {
    run.emit(repeated)
    return undefined
  }
  if (OF_THE_COMMAND.includes(fault)) return fault
  if (old === undefined && mode !== 'allow_failure') return 'unknown_order'
  if (fault !== undefined && (old === undefined || mode === 'atomic')) return fault

  const { account, market } = frame
  if (old === undefined) run.emit({ type: 'step.rejected', step: 'cancel', code: 'unknown_order', account, market, clientOrderId: oldName })
  else cancel(run, old, 'replaced', true)
  if (fault !== undefined) run.emit({ type: 'step.rejected', step: 'place', code: fault, account, market, clientOrderId: frame.text(PLACE_CLIENT_ORDER_ID)! })
  else placeOrder(run)
  return undefined
}

function findOld(state: NaiveState, { frame }: NaiveRun, name: string): NaiveOrder | undefined {
  const orderId = frame.f64(REPLACED_ORDER_ID)
  const own = liveOrders(state).filter(({ account, market }) => account === frame.account && market === frame.market)
  return own.find((order) => (orderId !== 0 ? order.orderId === orderId : clientOrderIdOf(order) === name))
}
