/** Remembers from which sources the workspace was built, by content, so that an unchanged one is not built again. */
import { createHash } from 'node:crypto'
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import path from 'node:path'

const IGNORED = new Set(['node_modules', 'dist', 'coverage', '.bourse'])
const STAMP = path.join('node_modules', '.bourse-build.json')

/**
 * A digest of every file below some folders, and of single files; tests do not count.
 *
 * @param {string} root
 * @param {readonly string[]} places files and folders, relative to the root; missing ones count as such
 */
export function digestOf(root, places) {
  const hash = createHash('sha256').update(process.versions.node)
  for (const place of places) {
    for (const file of filesOf(root, place)) hash.update(`\0${file}\0`).update(readFileSync(path.join(root, file)))
  }
  return hash.digest('hex')
}

/** @param {string} root @param {string} place @returns {string[]} */
function filesOf(root, place) {
  const absolute = path.join(root, place)
  if (!existsSync(absolute)) return []
  if (!isFolder(absolute)) return [place]
  return readdirSync(absolute, { withFileTypes: true })
    .filter((entry) => !IGNORED.has(entry.name) && !/\.test\.tsx?$/.test(entry.name))
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .flatMap((entry) => {
      const inside = path.join(place, entry.name)
      return entry.isDirectory() ? filesOf(root, inside) : [inside]
    })
}

/** @param {string} absolute */
function isFolder(absolute) {
  try {
    readdirSync(absolute)
    return true
  } catch {
    return false
  }
}

/** @param {string} root @returns {Record<string, string>} part -> digest */
export function readStamp(root) {
  try {
    return JSON.parse(readFileSync(path.join(root, STAMP), 'utf8'))
  } catch {
    return {}
  }
}

/** @param {string} root @param {string} part @param {string} digest */
export function writeStamp(root, part, digest) {
  mkdirSync(path.join(root, 'node_modules'), { recursive: true })
  writeFileSync(path.join(root, STAMP), `${JSON.stringify({ ...readStamp(root), [part]: digest })}\n`)
}
