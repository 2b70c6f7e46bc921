/** The v1 API from the outside: wire schemas and the typed client over them. */
export * from './schemas/index.js'
export * from './trading-client.js'
export * from './bourse-client.js'
export * from './local-order-book.js'
export * from './request-signature.js'
export { createClient } from './create-client.js'
