/** A long address or transaction id: its two ends, the whole of it under the pointer. */

const WHOLE_UP_TO = 18

export function shortenMiddle(value: string): string {
  return value.length <= WHOLE_UP_TO ? value : `${value.slice(0, 8)}…${value.slice(-6)}`
}

export function ShortText({ value }: { value: string }) {
  return <span className="mono muted" title={value}>{shortenMiddle(value)}</span>
}
