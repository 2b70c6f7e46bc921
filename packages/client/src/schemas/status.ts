/** Whether the exchange and its markets trade. */
import { z } from 'zod'
import { MarketSymbol, Sequence, TimestampMs } from './common.js'

export const MarketState = z.enum(['open', 'post-only', 'cancel-only', 'halted', 'delisted', 'pre-open'])
export type MarketState = z.infer<typeof MarketState>

/** GET /api/v1/status; also the stream `status`. */
export const SystemStatus = z.object({
  status: z.enum(['trading', 'read-only', 'halted']).describe('`read-only`: nothing new is taken, what stands can be read. `halted`: the exchange is about to be started again.'),
  sequence: Sequence.describe('Of the last command that is durable.'),
  timestampMs: TimestampMs,
  markets: z.array(z.object({ market: MarketSymbol, state: MarketState })),
})
export type SystemStatus = z.infer<typeof SystemStatus>
