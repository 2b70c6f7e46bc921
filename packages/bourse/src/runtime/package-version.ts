/** The version of this program. */
import { createRequire } from 'node:module'

/** As its package says, also when it runs from source. */
export function packageVersion(): string {
  const facts: unknown = createRequire(import.meta.url)('../../package.json')
  return typeof facts === 'object' && facts !== null && 'version' in facts ? String(facts.version) : 'unknown'
}
