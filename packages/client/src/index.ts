export * from './schemas/index.js'
export * from './trading-client.js'
