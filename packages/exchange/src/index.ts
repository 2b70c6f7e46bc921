/** The exchange with its IO: writer, recovery, event streams. The pure engine alone is in `@bourse/core`. */
export { createExchange, type Exchange, type ExchangeOptions, type ExchangeStatus, type ProjectionStatus, type ReadableEngine } from './exchange.js'
export type { CommittedBatch } from './committed-batch.js'
export type { FramesResult } from './writer.js'
export { MAX_BATCH_COMMANDS } from './command-batch.js'
export { ExchangeClosedError, ExchangeHaltedError, ExchangeReadOnlyError, JournalBehindError } from './exchange-errors.js'
export { createMemoryStorage } from './memory-storage.js'
export { createSystemClock } from './clock.js'
export type { EngineFactory } from './engine-state.js'
