/** What all events have in common. */

/** What every event carries: its command's sequence and time, and its place among the events of that command, from 0. */
export interface EventBase {
  readonly sequence: number
  readonly index: number
  readonly timestampUs: number
}
