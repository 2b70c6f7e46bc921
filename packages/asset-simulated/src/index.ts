/** A simulated chain as an asset adapter: import from here. */
export { outsideAddress, simulatedChain, type SimulatedChain, type SimulatedChainOptions } from './simulated-chain.js'
export type { SimulatedAsset } from './simulated-asset.js'
