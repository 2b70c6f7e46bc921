/** Puts a new project under version control. */
import { runProcess } from './run-process.js'

export type GitOutcome = 'initialised' | 'inside-a-repository' | 'no-git' | 'failed'

/** Initialises a repository in the folder, unless it lies inside one already. */
export async function initialiseGit(dir: string): Promise<GitOutcome> {
  const inside = await runProcess('git', ['rev-parse', '--is-inside-work-tree'], { cwd: dir, quiet: true })
  if (inside === undefined) return 'no-git'
  if (inside === 0) return 'inside-a-repository'
  return (await runProcess('git', ['init', '--quiet'], { cwd: dir, quiet: true })) === 0 ? 'initialised' : 'failed'
}
