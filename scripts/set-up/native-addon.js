/** Makes sure, before anything is installed, that the native SQLite addon will arrive or can be compiled. */
import { execFileSync } from 'node:child_process'
import { existsSync, readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import os from 'node:os'
import path from 'node:path'
import { installAdvice } from './install-advice.js'

export const ADDON = 'better-sqlite3'
const PROBE_TIMEOUT_MS = 5_000

/** Whether the installed addon loads in this Node. @param {string} root */
export function addonLoads(root) {
  try {
    const Database = createRequire(path.join(root, 'package.json'))(ADDON)
    new Database(':memory:').close()
    return true
  } catch {
    return false
  }
}

/**
 * The same, asked of a new process: this one may remember an addon that did not load.
 *
 * @param {string} root
 */
export function addonLoadsAfresh(root) {
  return answers(process.execPath, ['--eval', `new (require(${JSON.stringify(path.join(root, 'node_modules', ADDON))}))(':memory:').close()`])
}

/**
 * Looks for what a compilation needs and, when something is missing, whether a prebuilt binary can be downloaded instead.
 *
 * @param {string} version of the addon
 * @returns {Promise<string | undefined>} what to install, or undefined when the installation can go on
 */
export async function addonProblem(version) {
  const missing = await missingTools()
  if (missing.length === 0) return undefined
  if (await prebuiltCanBeDownloaded(version)) return undefined
  return installAdvice({ addon: `${ADDON} ${version}`, missing, platform: process.platform, distribution: linuxDistribution(), nodeVersion: process.versions.node })
}

/** @returns {Promise<import('./install-advice.js').Tool[]>} */
async function missingTools() {
  /** @type {import('./install-advice.js').Tool[]} */
  const missing = []
  const python = process.env['npm_config_python'] ?? process.env['PYTHON']
  if (![python, 'python3', 'python'].some((name) => name !== undefined && answers(name, ['-c', 'import sys; sys.exit(sys.version_info < (3, 6))']))) missing.push('python3')
  if (process.platform === 'win32') {
    if (!hasVisualStudio()) missing.push('compiler')
  } else {
    if (!answers('make', ['--version'])) missing.push('make')
    if (![process.env['CXX'], 'g++', 'c++', 'clang++'].some((name) => name !== undefined && answers(name, ['--version']))) missing.push('compiler')
  }
  if (headersDir() === undefined && !hasCachedHeaders() && !(await reachable(process.release.headersUrl))) missing.push('headers')
  return missing
}

/**
 * Folder whose `include/node` holds the headers of exactly this Node: that of the installation itself, or the one npm is told to use.
 *
 * @returns {string | undefined}
 */
export function headersDir() {
  const candidates = [process.env['npm_config_nodedir'], path.resolve(process.execPath, '..', '..'), path.dirname(process.execPath)]
  return candidates.find((dir) => dir !== undefined && headersVersion(dir) === process.versions.node)
}

/** @param {string} dir */
function headersVersion(dir) {
  const file = path.join(dir, 'include', 'node', 'node_version.h')
  if (!existsSync(file)) return undefined
  const text = readFileSync(file, 'utf8')
  return ['MAJOR', 'MINOR', 'PATCH'].map((part) => new RegExp(`#define NODE_${part}_VERSION (\\d+)`).exec(text)?.[1]).join('.')
}

/** Headers that an earlier compilation downloaded. */
function hasCachedHeaders() {
  const home = os.homedir()
  const caches = [
    process.env['npm_config_devdir'],
    process.platform === 'win32' && process.env['LOCALAPPDATA'] !== undefined ? path.join(process.env['LOCALAPPDATA'], 'node-gyp', 'Cache') : undefined,
    path.join(process.env['XDG_CACHE_HOME'] ?? path.join(home, '.cache'), 'node-gyp'),
    path.join(home, 'Library', 'Caches', 'node-gyp'),
  ]
  return caches.some((dir) => dir !== undefined && existsSync(path.join(dir, process.versions.node, 'include', 'node', 'node_version.h')))
}

/** @param {string} version */
async function prebuiltCanBeDownloaded(version) {
  // What stands behind a proxy cannot be probed from here; npm will find out.
  if (['https_proxy', 'HTTPS_PROXY', 'npm_config_https_proxy'].some((name) => process.env[name] !== undefined)) return true
  const host = process.env['npm_config_better_sqlite3_binary_host'] ?? process.env['npm_config_better_sqlite3_binary_host_mirror']
  return reachable(`${host ?? 'https://github.com/WiseLibs/better-sqlite3/releases/download'}/v${version}/${prebuiltName(version)}`)
}

/**
 * The file name under which the addon's prebuilt binary for this system is published.
 *
 * @param {string} version
 */
export function prebuiltName(version) {
  const musl = process.platform === 'linux' && !isGlibc() ? 'musl' : ''
  return `${ADDON}-v${version}-node-v${process.versions.modules}-${process.platform}${musl}-${process.arch}.tar.gz`
}

function isGlibc() {
  const report = /** @type {{ header?: { glibcVersionRuntime?: string } }} */ (process.report.getReport())
  return report.header?.glibcVersionRuntime !== undefined
}

/** @param {string | undefined} url */
async function reachable(url) {
  if (url === undefined) return false
  try {
    return (await fetch(url, { method: 'HEAD', signal: AbortSignal.timeout(PROBE_TIMEOUT_MS) })).ok
  } catch {
    return false
  }
}

/** @param {string} command @param {readonly string[]} args */
function answers(command, args) {
  try {
    execFileSync(command, args, { stdio: 'ignore' })
    return true
  } catch {
    return false
  }
}

function hasVisualStudio() {
  const vswhere = path.join(process.env['ProgramFiles(x86)'] ?? 'C:\\Program Files (x86)', 'Microsoft Visual Studio', 'Installer', 'vswhere.exe')
  try {
    const args = ['-products', '*', '-latest', '-requires', 'Microsoft.VisualStudio.Component.VC.Tools.x86.x64', '-property', 'installationPath']
    return execFileSync(vswhere, args, { encoding: 'utf8' }).trim() !== ''
  } catch {
    return false
  }
}

/** ID and ID_LIKE of the distribution, such as `debian` or `fedora`. */
function linuxDistribution() {
  try {
    return [...readFileSync('/etc/os-release', 'utf8').matchAll(/^ID(?:_LIKE)?="?([^"\n]*)"?$/gm)].map((match) => match[1]).join(' ')
  } catch {
    return ''
  }
}
