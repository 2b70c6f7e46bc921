/** All calls of the interface. */
import type { GatewayShare } from '@bourse/api'
import type { ListenKeys } from '@bourse/identity'
import type { OrderLists } from '../orders/order-lists.js'
import type { OrderNotes } from '../orders/order-notes.js'
import type { Symbols } from '../symbols.js'
import { accountCalls } from './account-calls.js'
import type { Call } from './call.js'
import { generalCalls } from './general-calls.js'
import { listenKeyCalls } from './listen-key-calls.js'
import { marketCalls } from './market-calls.js'
import { orderCalls } from './order-calls.js'
import { orderListCalls } from './order-list-calls.js'
import { walletCalls } from './wallet-calls.js'
import { windowTickerCalls } from './window-ticker-calls.js'

export function callTable({ share, symbols, lists, notes, listenKeys }: { share: GatewayShare; symbols: Symbols; lists: OrderLists; notes: OrderNotes; listenKeys: ListenKeys }): readonly Call[] {
  const desk = { share, symbols, lists, notes }
  return [...generalCalls(share, symbols), ...marketCalls(share, symbols), ...windowTickerCalls(share, symbols), ...orderCalls(desk), ...orderListCalls(desk), ...accountCalls(desk), ...walletCalls(share), ...listenKeyCalls(listenKeys)]
}
