/** The demonstration's living market: seeded agents that trade through the public door. */
export { createMarketSimulator, type HistoryOptions, type MarketSimulator, type MarketSimulatorOptions, type SimulatorClock } from './simulator.js'
export { SIMULATOR_ROLES, type SimulatorRole } from './trader.js'
export type { SimulatedMarket } from './market-terms.js'
export { simulatorFunding, type FundedMarket } from './funding.js'
export type { ListedOrder, SimulatorClient, TakenOrder, TradedMarket } from './simulator-client.js'
