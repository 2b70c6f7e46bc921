/** Moves between pages without loading them anew. */
import { useSyncExternalStore, type AnchorHTMLAttributes, type MouseEvent } from 'react'
import { readRoute, routePath, type Route } from './routes.js'

const listeners = new Set<() => void>()

function subscribe(changed: () => void): () => void {
  listeners.add(changed)
  addEventListener('popstate', changed)
  return () => {
    listeners.delete(changed)
    removeEventListener('popstate', changed)
  }
}

export function navigate(route: Route, how: { replace?: boolean; hash?: string } = {}): void {
  const state = { from: cameFrom(route) }
  const address = routePath(route) + (how.hash === undefined ? '' : `#${how.hash}`)
  if (how.replace === true) history.replaceState(state, '', address)
  else history.pushState(state, '', address)
  for (const changed of listeners) changed()
}

const ENTRANCES = new Set(['log-in', 'sign-up', 'forgot-password'])

/** Where the person was before the log-in page: kept while they change between logging in and signing up. */
function cameFrom(target: Route): string | undefined {
  if (!ENTRANCES.has(target.page)) return undefined
  return ENTRANCES.has(readRoute(location.pathname).page) ? returnAddress() : location.pathname + location.hash
}

/** The address to go back to once logged in. */
export function returnAddress(): string {
  const state = history.state as { from?: unknown } | null
  return typeof state?.from === 'string' ? state.from : '/'
}

/** Goes back to where the person was before the log-in page. */
export function leaveEntrance(): void {
  history.replaceState(null, '', returnAddress())
  for (const changed of listeners) changed()
}

/** The path that is shown; changes draw the component again. */
export function useRoute(): Route {
  return readRoute(useSyncExternalStore(subscribe, () => location.pathname))
}

/** What stands behind `#`: the part of the page that a phone shows. */
export function useHash(): string {
  return useSyncExternalStore(subscribe, () => location.hash.slice(1))
}

export interface LinkProps extends AnchorHTMLAttributes<HTMLAnchorElement> {
  to: Route
  hash?: string
  testId?: string
}

/** A link that keeps the page; with a modifier key it opens a new one, like any other. */
export function Link({ to, hash, testId, onClick, ...rest }: LinkProps) {
  const follow = (event: MouseEvent<HTMLAnchorElement>): void => {
    onClick?.(event)
    if (event.defaultPrevented || event.button !== 0 || event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    event.preventDefault()
    navigate(to, hash === undefined ? {} : { hash })
  }
  return <a {...rest} data-testid={testId} href={routePath(to) + (hash === undefined ? '' : `#${hash}`)} onClick={follow} />
}
