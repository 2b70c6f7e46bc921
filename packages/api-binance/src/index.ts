/** The Binance-compatible interface: import from here. */
export { mountBinance, type BinanceFacade, type BinanceNote, type BinanceOptions } from './binance-facade.js'
