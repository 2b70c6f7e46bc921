/** Sizes that components react to: of their own box and of the window. */
import { useEffect, useState, useSyncExternalStore, type RefObject } from 'react'

export interface Size {
  readonly width: number
  readonly height: number
}

/** Width and height of an element's content box; zeros before it was measured. */
export function useSize(ref: RefObject<HTMLElement | null>): Size {
  const [size, setSize] = useState<Size>({ width: 0, height: 0 })
  useEffect(() => {
    const element = ref.current
    if (element === null) return
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry!.contentRect
      setSize((known) => (known.width === width && known.height === height ? known : { width, height }))
    })
    observer.observe(element)
    return () => observer.disconnect()
  }, [ref])
  return size
}

/** Follows a media query. */
export function useMedia(query: string): boolean {
  return useSyncExternalStore(
    (changed) => {
      const media = matchMedia(query)
      media.addEventListener('change', changed)
      return () => media.removeEventListener('change', changed)
    },
    () => matchMedia(query).matches,
  )
}

/** Below this width the terminal is built for a phone; the style sheets use the same number. */
export function usePhone(): boolean {
  return useMedia('(max-width: 767px)')
}
