/**
 * `npm run bench`: measures the stages one after another, each in a process of its own.
 *
 * Flags: `--json` one object a line; `--only NAME` this stage (may be given several times); `--runs N` measured
 * runs of a stage (5); `--share S` of the full counts (1). Ends with 1 when a stage failed.
 */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { text } from 'node:stream/consumers'
import { fileURLToPath } from 'node:url'
import { parseArgs } from 'node:util'
import { jsonLine, parseLine, tableHead, tableRow } from './report.js'
import type { Stage } from './stage.js'
import { STAGES } from './stages/index.js'

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    only: { type: 'string', multiple: true, default: [] },
    runs: { type: 'string', default: '5' },
    share: { type: 'string', default: '1' },
    /** Set by this program for its children. */
    here: { type: 'boolean', default: false },
  },
})

async function main(): Promise<number> {
  const stages = chosenStages()
  if (values.here) {
    for (const stage of stages) console.log(jsonLine(stage.name, await stage.measure({ runs: numberOf('runs'), share: numberOf('share') })))
    return 0
  }
  if (!values.json) console.log(tableHead())
  let failed = 0
  for (const stage of stages) {
    const line = await measureApart(stage)
    if (line === undefined) failed++
    else if (values.json) console.log(line)
    else console.log(tableRow(stage.name, parseLine(line).figures))
  }
  return failed === 0 ? 0 : 1
}

function chosenStages(): readonly Stage[] {
  const names = STAGES.map(({ name }) => name)
  for (const name of values.only) if (!names.includes(name)) throw new Error(`There is no stage "${name}"; there are ${names.join(', ')}.`)
  return values.only.length === 0 ? STAGES : STAGES.filter(({ name }) => values.only.includes(name))
}

function numberOf(flag: 'runs' | 'share'): number {
  const value = Number(values[flag])
  if (!(value > 0) || (flag === 'share' ? value > 1 : !Number.isInteger(value))) throw new Error(`--${flag} ${values[flag]} is ${flag === 'share' ? 'not above 0 and at most 1' : 'not a whole number above 0'}.`)
  return value
}

/** Measures a stage in a child process; undefined when it failed, which it has said itself. */
async function measureApart(stage: Stage): Promise<string | undefined> {
  const args = [...process.execArgv, fileURLToPath(import.meta.url), '--here', '--only', stage.name, '--runs', values.runs, '--share', values.share]
  const child = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
  const [output, [code, signal]] = (await Promise.all([text(child.stdout), once(child, 'exit')])) as [string, [number | null, NodeJS.Signals | null]]
  if (code === 0) return output.trim()
  console.error(`The stage "${stage.name}" failed (${signal ?? `code ${code}`}).`)
  return undefined
}

process.exitCode = await main()
