/** What the create-exchange command runs: reads the command line, creates the project, reports what went wrong. */
import { readFileSync } from 'node:fs'
import { Cancelled } from './ask.js'
import { readCommandLine } from './command-line.js'
import { createExchange } from './create-exchange.js'
import { InvalidAnswer } from './parse-answers.js'

const { version } = JSON.parse(readFileSync(new URL('../package.json', import.meta.url), 'utf8')) as { version: string }

try {
  const complete = await createExchange(readCommandLine(process.argv.slice(2), version), {
    cwd: process.cwd(),
    kitVersion: version,
    interactive: process.stdin.isTTY && process.stdout.isTTY,
    userAgent: process.env['npm_config_user_agent'],
    print: (text) => console.log(text),
  })
  if (!complete) process.exitCode = 1
} catch (error) {
  const expected = error instanceof InvalidAnswer || error instanceof Cancelled
  console.error(expected ? error.message : error)
  process.exitCode = 1
}
