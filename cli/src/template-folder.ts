/** Finds the templates that travel with create-exchange and reads one. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { PACKAGE_MANAGERS, type PackageManager } from './package-manager.js'

export interface TemplateFile {
  /** Where it goes, relative to the project, with `/`. */
  readonly target: string
  readonly source: string
  /** Only for projects of this package manager. */
  readonly packageManager?: PackageManager
}

export interface Template {
  readonly name: string
  readonly files: readonly TemplateFile[]
}

export const DEFAULT_TEMPLATE = 'default'

/** The folder of all templates: inside the published package, or beside `cli/` in the repository. */
export function templatesDir(): string {
  const packageDir = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '..')
  // Only the repository has the sources.
  const dir = existsSync(path.join(packageDir, 'src')) ? path.join(packageDir, '..', 'templates') : path.join(packageDir, 'templates')
  if (!existsSync(path.join(dir, DEFAULT_TEMPLATE, 'template.json'))) throw new Error(`create-exchange lacks its templates; they should be in ${dir}. Install it again.`)
  return dir
}

export function templateNames(dir = templatesDir()): string[] {
  return readdirSync(dir, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map((entry) => entry.name)
}

/**
 * Reads a template: `template.json` names every file of it, so that names which npm leaves out of packages (.gitignore) can travel under others.
 *
 * @throws Error naming what is wrong in `template.json`
 */
export function readTemplate(name: string, dir = templatesDir()): Template {
  const folder = path.join(dir, name)
  const manifest: unknown = JSON.parse(readFileSync(path.join(folder, 'template.json'), 'utf8'))
  return { name, files: filesOf(manifest, name).map(({ source, ...file }) => ({ ...file, source: readFileSync(path.join(folder, source), 'utf8') })) }
}

function filesOf(manifest: unknown, name: string): TemplateFile[] {
  const files = isRecord(manifest) ? manifest['files'] : undefined
  if (!Array.isArray(files)) throw new Error(`template.json of ${name} must hold a list "files".`)
  return files.map((file: unknown, index) => {
    const { source, target, packageManager } = isRecord(file) ? file : {}
    const manager = PACKAGE_MANAGERS.find((known) => known === packageManager)
    if (typeof source !== 'string' || typeof target !== 'string' || (packageManager !== undefined && manager === undefined)) {
      throw new Error(`template.json of ${name}: files[${index}] must name "source", "target" and, where it is for one only, "packageManager".`)
    }
    return { source, target, ...(manager !== undefined && { packageManager: manager }) }
  })
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
