/** Opening, keeping and closing the private stream of old clients. */
import type { ListenKeys } from '@bourse/identity'
import { BinanceError } from '../binance-error.js'
import { privateCall, type Call } from './call.js'

export function listenKeyCalls(keys: ListenKeys): Call[] {
  return [
    privateCall('POST /api/v3/userDataStream', { socket: 'userDataStream.start', access: 'key', weight: 2 }, async (_parameters, { apiKey }) => ({ listenKey: await keys.open(apiKey.key) })),
    privateCall('PUT /api/v3/userDataStream', { socket: 'userDataStream.ping', access: 'key', weight: 2 }, async (parameters, { apiKey }) => {
      if (!(await keys.keepAlive(parameters.required('listenKey'), apiKey.key))) throw unknownListenKey()
      return {}
    }),
    privateCall('DELETE /api/v3/userDataStream', { socket: 'userDataStream.stop', access: 'key', weight: 2 }, async (parameters, { apiKey }) => {
      if (!(await keys.close(parameters.required('listenKey'), apiKey.key))) throw unknownListenKey()
      return {}
    }),
  ]
}

function unknownListenKey(): BinanceError {
  return new BinanceError(-1125, 'This listenKey does not exist.')
}
