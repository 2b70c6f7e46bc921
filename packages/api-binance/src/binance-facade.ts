/** The Binance-compatible interface of an exchange, on the server of its gateway. */
import type { Gateway } from '@bourse/api'
import { callTable } from './calls/call-table.js'
import type { Call } from './calls/call.js'
import { OrderLists, type OrderList } from './orders/order-lists.js'
import { OrderNotes } from './orders/order-notes.js'
import { AddressBans } from './request/address-bans.js'
import { Callers } from './request/callers.js'
import { Door } from './request/door.js'
import { Spending } from './request/spending.js'
import { createRestRouter } from './rest/router.js'
import { PublicStreams } from './sockets/public-streams.js'
import { SocketServer } from './sockets/socket-server.js'
import { Symbols } from './symbols.js'

/** What gateways of one exchange tell each other of this interface. */
export interface BinanceNote {
  /** Address of a request that was refused. */
  readonly refused?: string
  /** An order list that was placed. */
  readonly list?: OrderList
}

export interface BinanceOptions {
  /** Told what other gateways of the exchange should hear. */
  readonly tell?: (note: BinanceNote) => void
  /** How often the keys of open connections are looked at; 10,000 ms by default. */
  readonly keyCheckMs?: number
}

export interface BinanceFacade {
  /** Takes what another gateway has told. */
  hear(note: BinanceNote): void
  /** The table of all calls, as they are served. */
  readonly calls: readonly Call[]
  /** Answers what has begun, disconnects its sockets and takes its paths away. */
  close(): Promise<void>
}

const PREFIXES = ['/api/v3', '/sapi'] as const

/**
 * Mounts the interface under `/api/v3`, `/sapi`, `/ws`, `/stream` and `/ws-api/v3`.
 *
 * @example
 * const gateway = createGateway(services)
 * const binance = mountBinance(gateway)
 */
export function mountBinance(gateway: Gateway, { tell = () => undefined, keyCheckMs }: BinanceOptions = {}): BinanceFacade {
  const { share } = gateway
  const { services } = share
  const now = (): number => services.now()
  const symbols = new Symbols(services.exchange)
  const lists = new OrderLists((list) => tell({ list }))
  const notes = new OrderNotes(services.exchange, lists)
  const { listenKeys } = services.accounts
  const calls = callTable({ share, symbols, lists, notes, listenKeys })
  const callers = new Callers({ keys: services.apiKeys, listenKeys, oneTimeRequests: share.oneTimeRequests, now })
  const bans = new AddressBans(now, (refused) => tell({ refused }))
  const spending = new Spending(share, bans, now)
  const door = new Door(share, callers, spending)
  for (const prefix of PREFIXES) gateway.mount(prefix, createRestRouter({ prefix, calls, door, proxies: share.proxies, log: services.log }))
  const streams = new PublicStreams(share)
  const bySocketName = new Map(calls.flatMap((call) => (call.socket === undefined ? [] : [[call.socket, call] as const])))
  const sockets = new SocketServer({ gateway, share, symbols, notes, streams, calls: bySocketName, door, callers, spending, keyCheckMs, log: services.log })
  const endings = [
    share.streams.rooms.add(streams),
    services.apiKeys.onEnd((key) => sockets.endKey(key)),
  ]
  return {
    calls,
    hear({ refused, list }) {
      if (refused !== undefined) bans.count(refused)
      if (list !== undefined) lists.remember(list)
    },
    async close() {
      await sockets.close()
      for (const end of endings) end()
      streams.close()
    },
  }
}
