/** `exchange doctor`: what is wrong with an exchange or its machine, and what to do. */
import path from 'node:path'
import { runDoctor } from '../doctor/run-doctor.js'
import type { FindingStatus } from '../doctor/finding.js'
import type { PlaceFlags } from './operate-commands.js'
import { dataDirOf } from './start-command.js'

const MARKS: Readonly<Record<FindingStatus, string>> = { ok: '  ok     ', warning: '  warning', problem: '  PROBLEM' }

/** Ends with 1 when something is a problem; warnings alone end with 0. */
export async function doctorCommand(flags: PlaceFlags & { json?: boolean }): Promise<void> {
  const findings = await runDoctor({ projectDir: path.resolve(flags.project), data: dataDirOf(flags) })
  const problems = findings.filter(({ status }) => status === 'problem').length
  const warnings = findings.filter(({ status }) => status === 'warning').length
  if (flags.json === true) process.stdout.write(`${JSON.stringify({ problems, warnings, findings })}\n`)
  else {
    const width = Math.max(...findings.map(({ check }) => check.length))
    for (const { check, status, message, remedy } of findings) {
      process.stdout.write(`${MARKS[status]}  ${check.padEnd(width)}  ${message}\n`)
      if (remedy !== undefined) process.stdout.write(`${' '.repeat(13 + width)}-> ${remedy}\n`)
    }
    process.stdout.write(`\n  ${problems} problems, ${warnings} warnings, ${findings.length - problems - warnings} checks without either.\n`)
  }
  if (problems > 0) process.exitCode = 1
}
