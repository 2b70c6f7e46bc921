/** An order as everybody sees it in a book. */
import type { Side } from './vocabulary.js'

export interface BookOrder {
  readonly orderId: number
  readonly side: Side
  /** Price units. */
  readonly price: bigint
  /** Quantity units; of an iceberg the displayed part. */
  readonly quantity: bigint
}
