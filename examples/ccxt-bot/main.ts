/** Reads the book, places an order far from it, hears of it over a socket, and cancels it. */
import { connect } from './connect.js'

const [symbol = 'BTC/USDT'] = process.argv.slice(2)
const { BOURSE_URL = 'http://localhost:3000', BOURSE_API_KEY = '', BOURSE_API_SECRET = '' } = process.env
if (BOURSE_API_KEY === '' || BOURSE_API_SECRET === '') {
  console.error('Set BOURSE_API_KEY and BOURSE_API_SECRET: a key that may trade, made under Security in the terminal.')
  process.exit(1)
}

const client = await connect({ url: BOURSE_URL, apiKey: BOURSE_API_KEY, secret: BOURSE_API_SECRET })
await client.loadMarkets()
const { bids, asks } = await client.fetchOrderBook(symbol, 1)
console.log(`${symbol}: ${bids[0]?.[0] ?? 'no bid'} / ${asks[0]?.[0] ?? 'no ask'}`)

await client.authenticate()
const heard = client.watchOrders(symbol)
const price = Number(client.priceToPrecision(symbol, Number(bids[0]?.[0] ?? 100) * 0.9))
const amount = Number(client.amountToPrecision(symbol, 20 / price))
const order = await client.createOrder(symbol, 'limit', 'buy', amount, price)
console.log(`placed ${order.id}: buy ${amount} at ${price}, heard as ${(await heard).at(-1)?.status ?? 'nothing'}`)
const cancelled = await client.cancelOrder(String(order.id), symbol)
console.log(`${cancelled.id}: ${cancelled.status}`)
await client.close()
