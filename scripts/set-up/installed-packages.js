/** Tells whether node_modules holds what the lockfile names, without starting npm. */
import { existsSync, readFileSync } from 'node:fs'
import path from 'node:path'

/**
 * @typedef {object} LockedPackage
 * @property {string} [version]
 * @property {boolean} [optional]
 * @property {boolean} [peer]
 * @property {boolean} [link]
 * @property {string} [resolved]
 */
/** @typedef {{ packages: Record<string, LockedPackage> }} Lockfile */

/**
 * Compares package-lock.json with the record that npm leaves in node_modules at the end of every
 * complete installation.
 *
 * @param {string} root
 * @returns {string | undefined} why an installation is needed, or undefined when none is
 */
export function installationNeeded(root) {
  const record = path.join(root, 'node_modules', '.package-lock.json')
  if (!existsSync(record)) return 'nothing is installed yet'
  return difference(readLockfile(path.join(root, 'package-lock.json')), readLockfile(record))
}

/**
 * @param {Lockfile} wanted
 * @param {Lockfile} installed
 * @returns {string | undefined} the first package that differs
 */
export function difference(wanted, installed) {
  for (const [place, locked] of Object.entries(wanted.packages)) {
    if (!place.includes('node_modules/')) continue
    const found = installed.packages[place]
    // Optional packages are those of other systems, too.
    if (found === undefined && locked.optional !== true && locked.peer !== true) return `${place} is missing`
    if (found !== undefined && (found.version !== locked.version || found.link !== locked.link)) return `${place} has another version`
  }
  return undefined
}

/**
 * The version of a package that the lockfile names.
 *
 * @param {string} root
 * @param {string} name
 */
export function lockedVersion(root, name) {
  return readLockfile(path.join(root, 'package-lock.json')).packages[`node_modules/${name}`]?.version
}

/** @param {string} file @returns {Lockfile} */
function readLockfile(file) {
  return JSON.parse(readFileSync(file, 'utf8'))
}
