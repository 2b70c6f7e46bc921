/** The terminal's icons: strokes on a 16 px grid. */
import type { ReactNode } from 'react'

const SHAPES = {
  chevronDown: <path d="m4 6 4 4 4-4" />,
  chevronUp: <path d="m4 10 4-4 4 4" />,
  close: <path d="m4 4 8 8M12 4l-8 8" />,
  search: <><circle cx="7" cy="7" r="4.25" /><path d="m10.25 10.25 3.25 3.25" /></>,
  sun: <><circle cx="8" cy="8" r="2.75" /><path d="M8 1.5v1.25M8 13.25v1.25M1.5 8h1.25M13.25 8h1.25M3.4 3.4l.9.9M11.7 11.7l.9.9M3.4 12.6l.9-.9M11.7 4.3l.9-.9" /></>,
  moon: <path d="M13.25 9.6A5.6 5.6 0 0 1 6.4 2.75a5.6 5.6 0 1 0 6.85 6.85Z" />,
  system: <><rect x="2" y="3" width="12" height="8" rx="1.25" /><path d="M5.5 13.5h5" /></>,
  globe: <><circle cx="8" cy="8" r="5.75" /><path d="M2.25 8h11.5M8 2.25c2 1.7 2.6 3.6 2.6 5.75S10 12 8 13.75C6 12 5.4 10.15 5.4 8S6 3.95 8 2.25Z" /></>,
  user: <><circle cx="8" cy="5.5" r="2.75" /><path d="M2.75 13.75c.5-2.7 2.5-4.25 5.25-4.25s4.75 1.55 5.25 4.25" /></>,
  star: <path d="m8 2 1.8 3.75 4.1.55-3 2.85.75 4.1L8 11.25l-3.65 2 .75-4.1-3-2.85 4.1-.55Z" />,
  copy: <><rect x="5.5" y="5.5" width="8" height="8" rx="1.25" /><path d="M10.5 5.5V3.75c0-.7-.55-1.25-1.25-1.25h-5.5c-.7 0-1.25.55-1.25 1.25v5.5c0 .7.55 1.25 1.25 1.25H5.5" /></>,
  check: <path d="m3 8.5 3.25 3.25L13 5" />,
  edit: <path d="M10.6 2.9 13.1 5.4 5.6 12.9 2.6 13.4 3.1 10.4Z" />,
  wallet: <><path d="M13.5 5.5v7c0 .55-.45 1-1 1h-9c-.85 0-1.5-.65-1.5-1.5V4c0-.85.65-1.5 1.5-1.5h8V5.5M2 4c0 .85.65 1.5 1.5 1.5h10" /><circle cx="10.75" cy="9.5" r=".6" /></>,
  chart: <path d="M4 2v2.25M4 10v3.5M2.75 4.25h2.5V10h-2.5ZM11.5 2.5V5M11.5 11v2.5M10.25 5h2.5v6h-2.5Z" />,
  bell: <path d="M3.5 11.5h9l-1.25-1.75V7a3.25 3.25 0 0 0-6.5 0v2.75ZM6.75 13.5h2.5" />,
  book: <path d="M2.5 3.5h11M5.5 6.5h8M8.5 9.5h5M4.5 12.5h9" />,
  swap: <path d="M4.5 13.5v-11M2 5l2.5-2.5L7 5M11.5 2.5v11M9 11l2.5 2.5L14 11" />,
  list: <path d="M5.5 4h8M5.5 8h8M5.5 12h8M2.5 4h.01M2.5 8h.01M2.5 12h.01" />,
  layout: <><rect x="2" y="2.5" width="12" height="11" rx="1.25" /><path d="M9 2.5v11M9 8.5h5" /></>,
  deposit: <path d="M8 2.5v7.25M4.75 6.5 8 9.75l3.25-3.25M2.5 13.25h11" />,
  withdraw: <path d="M8 9.75V2.5M4.75 5.75 8 2.5l3.25 3.25M2.5 13.25h11" />,
  warning: <path d="M8 2.5 14 13.25H2ZM8 6.5v3M8 11.4v.01" />,
  eye: <><path d="M1.75 8S4 3.75 8 3.75 14.25 8 14.25 8 12 12.25 8 12.25 1.75 8 1.75 8Z" /><circle cx="8" cy="8" r="1.9" /></>,
  eyeOff: <path d="M2.5 2.5l11 11M6.1 4.05A6.3 6.3 0 0 1 8 3.75C12 3.75 14.25 8 14.25 8a11 11 0 0 1-1.9 2.4M10 11.9a6 6 0 0 1-2 .35C4 12.25 1.75 8 1.75 8a10.6 10.6 0 0 1 2.3-2.75" />,
  logOut: <path d="M6.5 2.5h-3c-.55 0-1 .45-1 1v9c0 .55.45 1 1 1h3M10.5 11l3-3-3-3M13.25 8h-7" />,
  arrowUp: <path d="M8 13V3M4 7l4-4 4 4" />,
  arrowDown: <path d="M8 3v10M4 9l4 4 4-4" />,
  info: <><circle cx="8" cy="8" r="5.75" /><path d="M8 7.25V11M8 5v.01" /></>,
  shield: <path d="M8 1.75 13.25 3.5v4.25c0 3-2.1 5.3-5.25 6.5-3.15-1.2-5.25-3.5-5.25-6.5V3.5ZM5.5 7.75 7.25 9.5l3.25-3.5" />,
  key: <><circle cx="5" cy="11" r="2.75" /><path d="m7 9 6.25-6.25M10.5 5.5l2 2" /></>,
  mail: <><rect x="1.75" y="3.25" width="12.5" height="9.5" rx="1.25" /><path d="m2.25 4.25 5.75 4.5 5.75-4.5" /></>,
  indicators: <path d="M2 11.5c2.5 0 2.5-7 5-7s2.5 7 5 7c1 0 1.6-.6 2-1.5M2 14h12" />,
  now: <path d="M3 3.5 7.5 8 3 12.5M8.5 3.5 13 8l-4.5 4.5" />,
} satisfies Record<string, ReactNode>

export type IconName = keyof typeof SHAPES

export function Icon({ name, size = 16, filled = false }: { name: IconName; size?: number; filled?: boolean }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 16 16" fill={filled ? 'currentColor' : 'none'} stroke="currentColor" strokeWidth="1.35" strokeLinecap="round" strokeLinejoin="round" aria-hidden="true" focusable="false">
      {SHAPES[name]}
    </svg>
  )
}
