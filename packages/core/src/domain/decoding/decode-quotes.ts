/** Decodes the events of the protection of quotes. */
import type { FrameBuffer } from '../../values/frames.js'
import { eventBase } from './decode-fields.js'
import type { QuotesFrozen, QuotesProtected, QuotesUnfrozen } from '../events/events.js'
import { FROZEN_UNTIL, readProtection } from '../frames/quote-frames.js'

export function decodeQuotesProtected(frames: FrameBuffer, offset: number): QuotesProtected {
  return { type: 'quotes.protected', ...eventBase(frames, offset), ...readProtection(frames, offset) }
}

export function decodeQuotesFrozen(frames: FrameBuffer, offset: number): QuotesFrozen {
  const account = frames.account(offset)
  const market = frames.market(offset)
  const { quantity, fills } = readProtection(frames, offset)
  return { type: 'quotes.frozen', ...eventBase(frames, offset), account, market, quantity, fills, untilUs: frames.f64[(offset + FROZEN_UNTIL) >> 3]! || undefined }
}

export function decodeQuotesUnfrozen(frames: FrameBuffer, offset: number): QuotesUnfrozen {
  const account = frames.account(offset)
  const market = frames.market(offset)
  return { type: 'quotes.unfrozen', ...eventBase(frames, offset), account, market }
}
