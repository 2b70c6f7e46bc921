/** What a project's `exchange.config.ts` and its plugins import. */
export { defineExchange, env, type ExchangeConfig, type ExchangeConfigInput, type MarketConfig } from './config/schema.js'
export { simulatedChain } from '@bourse/asset-simulated'
export { defineAssetAdapter, definePlugin, type AssetAdapter, type Plugin } from '@bourse/plugin'
