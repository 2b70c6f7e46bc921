/** A short flash of an element's background when what it shows has changed. */
import { useEffect, useRef, type RefObject } from 'react'

/** Flashes in the named theme colour each time the value changes while the key (what it is about) stays. */
export function useFlash<Element extends HTMLElement>(value: bigint | string | null, key: string, color: (before: bigint | string, now: bigint | string) => string): RefObject<Element | null> {
  const element = useRef<Element>(null)
  const known = useRef({ value, key })
  useEffect(() => {
    const before = known.current
    known.current = { value, key }
    if (before.key !== key || before.value === null || value === null || before.value === value) return
    if (matchMedia('(prefers-reduced-motion: reduce)').matches) return
    element.current?.animate([{ backgroundColor: `color-mix(in srgb, ${color(before.value, value)} 28%, transparent)` }, { backgroundColor: 'transparent' }], { duration: 420, easing: 'ease-out' })
  })
  return element
}
