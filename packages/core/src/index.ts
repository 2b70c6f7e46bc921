/** The exchange as a pure function: import from here. */
export * from './values/decimal.js'
export * from './values/frames.js'
export * from './domain/vocabulary.js'
export * from './domain/rejects.js'
export * from './domain/catalog.js'
export * from './domain/commands.js'
export * from './domain/events.js'
