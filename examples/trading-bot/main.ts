/** Runs the bot: BOURSE_EMAIL=... BOURSE_PASSWORD=... npm start [market] [quantity] */
import { createClient } from '@bourse/client'
import { startBot } from './bot.js'

const [market = 'BTC-USDT', quantity = '0.001'] = process.argv.slice(2)
const { BOURSE_URL: baseUrl = 'http://localhost:3000', BOURSE_EMAIL: email, BOURSE_PASSWORD: password } = process.env
if (email === undefined || password === undefined) throw new Error('Set BOURSE_EMAIL and BOURSE_PASSWORD to a log-in of the exchange.')

const client = createClient({ baseUrl })
await client.logIn({ email, password })
const stop = await startBot({ client, market, quantity, distanceBps: 10, log: console.log })
process.once('SIGINT', () => void stop().then(() => client.close()))
