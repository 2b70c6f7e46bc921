/** The table of messages over sockets. */
export * from './request-contracts.js'
export * from './stream-contracts.js'
