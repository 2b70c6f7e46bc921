/** The order ticket of one market: its form outlives the widget, and other widgets fill it in. */
import { createStore, type StoreApi } from 'zustand/vanilla'
import type { MarketUnits } from '../../stores/market-units.js'
import { EMPTY_TICKET, reduceTicket, type TicketAction, type TicketForm } from './ticket-form.js'

export interface TicketStore {
  readonly store: StoreApi<TicketForm>
  dispatch(action: TicketAction): void
}

export function createTicketStore(units: MarketUnits): TicketStore {
  const store = createStore<TicketForm>(() => EMPTY_TICKET)
  return { store, dispatch: (action) => store.setState(reduceTicket(store.getState(), action, units), true) }
}
