/** The whole of create-exchange: ask, plan, write, and what comes after writing. */
import { randomBytes, randomInt } from 'node:crypto'
import path from 'node:path'
import type { Answers } from './answers.js'
import { askAnswers, defaultAnswers, openQuestions } from './ask.js'
import type { Flags } from './command-line.js'
import { initialiseGit } from './git.js'
import { nextSteps } from './next-steps.js'
import { detectPackageManager } from './package-manager.js'
import { InvalidAnswer } from './parse-answers.js'
import { planProject } from './plan.js'
import { folderProblem, writeProject } from './project-folder.js'
import { runProcess } from './run-process.js'
import { readTemplate } from './template-folder.js'

/** Where and for whom the command runs. */
export interface Surroundings {
  readonly cwd: string
  readonly kitVersion: string
  /** Whether somebody can be asked. */
  readonly interactive: boolean
  /** `npm_config_user_agent` */
  readonly userAgent: string | undefined
  readonly print: (text: string) => void
}

/**
 * Creates a project.
 *
 * @returns whether everything that was wanted succeeded; false when the packages could not be installed
 * @throws InvalidAnswer, Cancelled: nothing was written
 */
export async function createExchange(flags: Flags, surroundings: Surroundings): Promise<boolean> {
  const answers = await settleAnswers(flags, surroundings)
  const dir = path.resolve(surroundings.cwd, answers.directory)
  const problem = await folderProblem(dir)
  if (problem !== undefined) throw new InvalidAnswer(problem)

  const files = planProject({ ...answers, directory: dir }, { template: readTemplate(flags.template), kitVersion: surroundings.kitVersion, simulatorSeed: randomInt(2 ** 32), secretKey: randomBytes(32).toString('base64') })
  await writeProject(dir, files)
  surroundings.print(`Wrote ${files.size} files to ${dir}.`)

  const git = flags.git ? await initialiseGit(dir) : 'not-wanted'
  const installed = flags.install && (await runProcess(answers.packageManager, ['install'], { cwd: dir, quiet: false })) === 0
  if (flags.install && !installed) surroundings.print(`"${answers.packageManager} install" did not succeed; the reason is above. The project itself is complete.`)
  surroundings.print(`\n${nextSteps({ answers, relativeDir: path.relative(surroundings.cwd, dir), installed, git })}`)
  return installed || !flags.install
}

async function settleAnswers(flags: Flags, { cwd, interactive, userAgent }: Surroundings): Promise<Answers> {
  const { markets, template: _template, install: _install, git: _git, yes, ...answered } = flags
  const given = { ...answered, markets: undefined, marketsText: markets }
  const packageManager = detectPackageManager(userAgent)
  const open = openQuestions(given)
  if (yes || open.length === 0) return defaultAnswers({ given, packageManager })
  if (!interactive) {
    throw new InvalidAnswer(`Nobody can be asked here (standard input is not a terminal). Add --yes to take the defaults, or answer by flags; open: ${open.join(', ')}.`)
  }
  return askAnswers({ given, packageManager, folderProblem: (directory) => folderProblem(path.resolve(cwd, directory)) })
}
