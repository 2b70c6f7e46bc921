/** Binary order entry over TCP, for Node: a client, and the layouts of the protocol. */
export * from './messages.js'
export * from './answers.js'
export { FrameStream } from './frame-stream.js'
export { OWN_ACCOUNT, SessionCatalog } from './session-catalog.js'
export { connectOrderEntry, OrderEntryClient, OrderEntryError, type EntryCommand, type Opened, type OrderEntryClientOptions } from './order-entry-client.js'
