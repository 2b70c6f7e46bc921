/** Looks at everything that an exchange needs, and says what to do where something is wrong. */
import { existsSync } from 'node:fs'
import path from 'node:path'
import { ConfigError } from '../config/config-error.js'
import { loadProject, type Project } from '../config/load-project.js'
import type { DataDir } from '../runtime/data-dir.js'
import { databasePlace } from '../runtime/project-database.js'
import { askRunning, checkFolder, checkJournal } from './check-data.js'
import { checkDisk, checkMemory, checkNode, memoryFacts } from './check-machine.js'
import { checkPorts } from './check-ports.js'
import { checkRecords } from './check-records.js'
import { checkProduction, checkSecretFiles } from './check-secrets.js'
import { checkServices, servicePlaces } from './check-services.js'
import { messageOf, ok, problem, type Finding } from './finding.js'

export interface DoctorPlace {
  readonly projectDir: string
  readonly data: DataDir
}

/** Changes nothing; an exchange may run meanwhile. */
export async function runDoctor({ projectDir, data }: DoctorPlace): Promise<Finding[]> {
  const findings: Finding[] = [checkNode(process.versions.node), checkMemory(memoryFacts())]
  const project = await looked(findings, 'configuration', async () => {
    const loaded = await loadProject(projectDir)
    return { found: [ok('configuration', `${loaded.configFile}: valid, ${loaded.config.assets.length} assets, ${loaded.markets.length} markets.`)], value: loaded }
  })
  const running = await looked(findings, 'data: lock', async () => ({ found: [], value: await askRunning(data) }))
  await looked(findings, 'data: folder', async () => ({ found: await checkFolder(data, running) }))
  if (findings.some(({ check, status }) => check === 'data: folder' && status === 'problem')) return findings
  await looked(findings, 'data: journal', async () => ({ found: await checkJournal(data, running, Date.now()) }))
  if (project !== undefined) await checkProject(project, data, running, findings)
  return findings
}

async function checkProject(project: Project, data: DataDir, running: Awaited<ReturnType<typeof askRunning>>, findings: Finding[]): Promise<void> {
  const { server, storage, orderEntry } = project.config
  await looked(findings, 'disk', async () => ({ found: await checkDisk(existingFolder(data.dir), storage) }))
  await looked(findings, 'database', async () => ({ found: await checkRecords(databasePlace(project, data), data.secretKey) }))
  await looked(findings, 'secrets', async () => ({ found: await checkSecretFiles(project, data) }))
  await looked(findings, 'mode', async () => ({ found: checkProduction(project, server.host) }))
  await looked(findings, 'services', async () => ({ found: await checkServices(servicePlaces(project.config.mail.smtpUrl)) }))
  const places = [{ what: 'HTTP', host: server.host, port: server.port }, ...(orderEntry === undefined ? [] : [{ what: 'order entry', host: orderEntry.host, port: orderEntry.port }])]
  await looked(findings, 'port', async () => ({ found: await checkPorts(places, running) }))
}

/** A check that fails by itself is a finding too; the others go on. */
async function looked<T = undefined>(findings: Finding[], check: string, look: () => Promise<{ readonly found: readonly Finding[]; readonly value?: T }>): Promise<T | undefined> {
  try {
    const { found, value } = await look()
    findings.push(...found)
    return value
  } catch (error) {
    if (error instanceof ConfigError) for (const text of error.problems) findings.push(problem(check, text, `Correct it in ${error.file}.`))
    else findings.push(problem(check, messageOf(error), 'Look at the message; the other checks went on.'))
    return undefined
  }
}

/** The folder that the data will be made in, where it is not there yet. */
function existingFolder(dir: string): string {
  return existsSync(dir) || path.dirname(dir) === dir ? dir : existingFolder(path.dirname(dir))
}
