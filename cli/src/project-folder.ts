/** Writes a planned project to a folder that was empty before. */
import { existsSync } from 'node:fs'
import { mkdir, readdir, stat, writeFile } from 'node:fs/promises'
import path from 'node:path'
import type { ProjectFiles } from './plan.js'

/** May be in a folder that still counts as empty. */
const HARMLESS = new Set(['.git', '.DS_Store'])
const SECRET_FILES = new Set(['.env'])
const OWNER_ONLY = 0o600

/**
 * Tells why a project cannot be written to a folder.
 *
 * @returns undefined when the folder is missing or empty
 */
export async function folderProblem(dir: string): Promise<string | undefined> {
  if (!existsSync(dir)) return undefined
  if (!(await stat(dir)).isDirectory()) return `${dir} is a file. Choose another name for the folder.`
  const found = (await readdir(dir)).filter((name) => !HARMLESS.has(name)).sort()
  if (found.length === 0) return undefined
  const shown = found.slice(0, 5).join(', ')
  return `${dir} is not empty: it holds ${shown}${found.length > 5 ? ` and ${found.length - 5} more` : ''}. Nothing was written. Choose another folder, or empty this one first.`
}

/**
 * Writes every file; none may exist already.
 *
 * @throws Error of the file system
 */
export async function writeProject(dir: string, files: ProjectFiles): Promise<void> {
  for (const [target, content] of files) {
    const file = path.join(dir, ...target.split('/'))
    await mkdir(path.dirname(file), { recursive: true })
    await writeFile(file, content, { flag: 'wx', ...(SECRET_FILES.has(target) && { mode: OWNER_ONLY }) })
  }
}
