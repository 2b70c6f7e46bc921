/** Binary order entry over TCP: import from here. */
export { startOrderEntry, type OrderEntry } from './order-entry-server.js'
export { DEFAULT_LIMITS, type EntryExchange, type OrderEntryLimits, type OrderEntryServices } from './services.js'
