/** Who may import whom: the plan of the house, as the architecture test enforces it. */

/** For each package the packages of the workspace that its sources may import. A package that is missing here fails the test. */
export const ALLOWED_IMPORTS: Readonly<Record<string, readonly string[]>> = {
  core: [],
  plugin: ['core'],
  client: ['core'],
  exchange: ['core', 'plugin', 'client'],
  store: ['core', 'plugin', 'client'],
  identity: ['core', 'plugin', 'client'],
  custody: ['core', 'plugin', 'client'],
  'journal-file': ['core', 'plugin', 'client'],
  'asset-simulated': ['core', 'plugin', 'client'],
  api: ['core', 'plugin', 'client', 'exchange', 'store', 'identity', 'custody'],
  'order-entry': ['core', 'plugin', 'client', 'exchange', 'store', 'identity'],
  'api-binance': ['core', 'plugin', 'client', 'exchange', 'store', 'identity', 'custody', 'api'],
  bourse: ['core', 'plugin', 'client', 'exchange', 'store', 'identity', 'custody', 'journal-file', 'asset-simulated', 'api', 'api-binance', 'order-entry', 'market-simulator'],
  terminal: ['plugin', 'client', 'core'],
  'market-simulator': ['client', 'core'],
  testkit: ['core', 'plugin', 'client', 'exchange', 'store', 'identity', 'custody', 'journal-file', 'asset-simulated'],
}

/** Inside core, for each folder the other folders that it may import. */
export const ALLOWED_INSIDE_CORE: Readonly<Record<string, readonly string[]>> = {
  values: [],
  domain: ['values'],
  matching: ['values', 'domain'],
  ledger: ['values', 'domain'],
  engine: ['values', 'domain', 'matching', 'ledger'],
  'market-data': ['values', 'domain'],
  venue: ['values', 'domain', 'engine', 'market-data'],
}
