/** SQL of an exchange: import from here. */
export * from './history-rows.js'
