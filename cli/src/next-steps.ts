/** Says what is still to do, and only that, once a project has been written. */
import type { Answers } from './answers.js'
import type { GitOutcome } from './git.js'
import { runBinary, runScript } from './package-manager.js'

export interface Done {
  readonly answers: Answers
  /** From where the person works to the project, as `cd` wants it; empty when they are the same. */
  readonly relativeDir: string
  readonly installed: boolean
  readonly git: GitOutcome | 'not-wanted'
}

export function nextSteps({ answers, relativeDir, installed, git }: Done): string {
  const { packageManager, simulator } = answers
  const commands = [
    ...(relativeDir === '' ? [] : [`cd ${shellWord(relativeDir)}`]),
    ...(installed ? [] : [`${packageManager} install`]),
    runScript(packageManager, 'start'),
  ]
  return [
    `${oneLine(answers.name)} is ready. Next:`,
    '',
    ...commands.map((command) => `  ${command}`),
    '',
    'Then open http://localhost:3000.',
    ...(answers.database.kind === 'postgresql' ? ['The database in .env has to exist; its tables are made at the first start.'] : []),
    ...(simulator ? [`Simulated traders keep the market alive; "${runBinary(packageManager, 'exchange simulator off')}" ends that.`] : []),
    ...(GIT_NOTES[git] === undefined ? [] : [GIT_NOTES[git]]),
  ].join('\n')
}

const GIT_NOTES: Readonly<Partial<Record<Done['git'], string>>> = {
  'no-git': 'git was not found: the project is not under version control yet.',
  failed: '"git init" did not succeed: the project is not under version control yet.',
}

function shellWord(text: string): string {
  if (/^[\w./@-]+$/.test(text)) return text
  return process.platform === 'win32' ? `"${text}"` : `'${text.replaceAll("'", "'\\''")}'`
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').replace(/\p{Cc}/gu, '')
}
