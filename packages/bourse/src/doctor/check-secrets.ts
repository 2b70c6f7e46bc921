/** Looks at the secrets of a project: who may read them, and whether they are secrets. */
import { existsSync } from 'node:fs'
import { readFile, stat } from 'node:fs/promises'
import path from 'node:path'
import { isProduction, productionProblems } from '../config/production-mode.js'
import type { Project } from '../config/load-project.js'
import type { DataDir } from '../runtime/data-dir.js'
import { masterKeyFrom } from '../runtime/master-key.js'
import { ok, problem, warning, type Finding } from './finding.js'

export async function checkSecretFiles(project: Pick<Project, 'dir'>, data: DataDir): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const file of [path.join(project.dir, '.env'), data.secretKey]) {
    if (!existsSync(file)) continue
    const mode = process.platform === 'win32' ? 0 : (await stat(file)).mode & 0o077
    findings.push(mode === 0 ? ok('secrets: files', `${file} is readable by its owner only.`) : warning('secrets: files', `${file} can be read by other users of this machine.`, `chmod 600 ${file}`))
  }
  const ignore = path.join(project.dir, '.gitignore')
  if (existsSync(path.join(project.dir, '.env')) && existsSync(path.join(project.dir, '.git')) && !(existsSync(ignore) && /^\/?\.env$/m.test(await readFile(ignore, 'utf8')))) {
    findings.push(problem('secrets: files', '.env is not in .gitignore, and would be committed.', `echo .env >> ${ignore}`))
  }
  findings.push(masterKeyFrom() === 'environment' ? ok('secrets: master key', 'BOURSE_SECRET_KEY is set; keep a copy apart from the data.') : warning('secrets: master key', `BOURSE_SECRET_KEY is not set, so the master key lies beside the data that it protects (${data.secretKey}).`, 'Move its content into .env as BOURSE_SECRET_KEY and remove the file.'))
  return findings
}

/** In production mode what would be refused at the start, in development a word of what production would refuse. */
export function checkProduction(project: Pick<Project, 'config'>, host: string): Finding[] {
  const problems = productionProblems(project, host)
  if (isProduction(project.config)) {
    if (problems.length === 0) return [ok('mode', 'Production, and nothing about it is unsafe.')]
    return problems.map((text) => problem('mode', text, 'The exchange does not start in production mode like this.'))
  }
  return [ok('mode', problems.length === 0 ? 'Development; production mode would start as well.' : `Development; production mode would refuse ${problems.map((text) => text.split(':')[0]).join(', ')}.`)]
}
