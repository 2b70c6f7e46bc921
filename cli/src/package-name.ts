/** Derives a valid npm package name from a folder. */

const FALLBACK = 'exchange'
const MAX_LENGTH = 100
/** Names that npm refuses. */
const TAKEN = new Set(['node_modules', 'favicon.ico'])

/** `/home/me/Käse & Brot!` -> `kase-brot`; always valid. */
export function packageNameFrom(directory: string): string {
  const last = directory.replace(/[\\/]+$/, '').split(/[\\/]/).at(-1) ?? ''
  const name = last
    .normalize('NFKD')
    .toLowerCase()
    .replace(/\p{Mark}/gu, '')
    .replace(/[^a-z0-9._-]+/g, '-')
    .slice(0, MAX_LENGTH)
    .replace(/^[._-]+|[._-]+$/g, '')
  return name === '' || TAKEN.has(name) ? FALLBACK : name
}
