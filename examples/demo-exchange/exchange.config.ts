import { defineExchange, env, simulatedChain } from '@bourse/bourse'

export default defineExchange({
  brand: {
    name: 'Bourse Demo',
    tagline: 'An exchange of your own, in one command',
    defaultAppearance: 'dark',
    defaultLanguage: 'en',
  },
  assets: [
    { code: 'BTC', name: 'Bitcoin' },
    { code: 'ETH', name: 'Ether' },
    { code: 'SOL', name: 'Solana' },
    { code: 'USDT', name: 'Tether' },
  ],
  markets: [
    {
      base: 'BTC', quote: 'USDT', tickSize: '0.01', lotSize: '0.00001', minNotional: '5',
      simulation: { startPrice: '64000', typicalQuantity: '0.02', dailyVolatility: 0.028, tradesPerMinute: 60 },
    },
    {
      base: 'ETH', quote: 'USDT', tickSize: '0.01', lotSize: '0.0001', minNotional: '5',
      simulation: { startPrice: '3100', typicalQuantity: '0.4', dailyVolatility: 0.035, tradesPerMinute: 40 },
    },
    {
      base: 'SOL', quote: 'USDT', tickSize: '0.01', lotSize: '0.001', minNotional: '5',
      simulation: { startPrice: '150', typicalQuantity: '6', dailyVolatility: 0.045, tradesPerMinute: 30 },
    },
    {
      base: 'ETH', quote: 'BTC', tickSize: '0.00001', lotSize: '0.001', minNotional: '0.0001',
      simulation: { startPrice: '0.04844', typicalQuantity: '0.3', dailyVolatility: 0.02, tradesPerMinute: 10 },
    },
  ],
  fees: { maker: '0.0008', taker: '0.001' },
  plugins: [simulatedChain({ assets: ['BTC', 'ETH', 'SOL', 'USDT'] })],
  database: env('DATABASE_URL'),
  simulator: { enabled: true, seed: 20, historyDays: 3 },
})
