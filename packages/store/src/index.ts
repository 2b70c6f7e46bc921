/** SQL of an exchange: import from here. */
export * from './history-rows.js'
export * from './migrations.js'
export * from './open-store.js'
export type { Settings } from './settings.js'
