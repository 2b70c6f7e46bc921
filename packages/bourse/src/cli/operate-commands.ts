/** `exchange simulator`, `status`, `check` and `rebuild-history`: small commands on an exchange that runs or rests. */
import path from 'node:path'
import { planConfig } from '../config/config-plan.js'
import { loadProject } from '../config/load-project.js'
import { askRunningExchange, NotRunningError } from '../runtime/control-client.js'
import { heldMarkets, heldStates } from '../runtime/held-markets.js'
import { openExchange, type OpenOptions } from '../runtime/open-exchange.js'
import { saveSimulatorSwitch } from '../runtime/simulator-host.js'
import { startStage } from './progress.js'
import { dataDirOf } from './start-command.js'

export interface PlaceFlags {
  readonly project: string
  readonly data?: string
}

export async function simulatorCommand(state: string, flags: PlaceFlags): Promise<void> {
  if (state !== 'on' && state !== 'off') throw new Error(`"${state}" is neither on nor off. Say "exchange simulator on" or "exchange simulator off".`)
  const enabled = state === 'on'
  const data = dataDirOf(flags)
  try {
    await askRunningExchange(data.dir, data.controlSocket, { command: 'simulator', enabled })
    process.stdout.write(`The market simulator is ${state}, now and at every start.\n`)
  } catch (error) {
    if (!(error instanceof NotRunningError)) throw error
    const open = await openAtRest(flags)
    await saveSimulatorSwitch(open.store, enabled)
    await open.close()
    process.stdout.write(`The market simulator will be ${state} at every start.\n`)
  }
}

export async function statusCommand(flags: PlaceFlags): Promise<void> {
  const data = dataDirOf(flags)
  const status = await askRunningExchange(data.dir, data.controlSocket, { command: 'status' })
  process.stdout.write(`${JSON.stringify(status, null, 2)}\n`)
}

export async function checkCommand(flags: PlaceFlags): Promise<void> {
  const project = await loadProject(path.resolve(flags.project))
  process.stdout.write(`${project.configFile}: valid, ${project.config.assets.length} assets, ${project.markets.length} markets.\n`)
  const stage = process.stderr.isTTY ? startStage('Checking the journal') : undefined
  const open = await openAtRest(flags, { applyChanges: false, onCheck: (done) => stage?.update(done) })
  stage?.done()
  const { sequence, engine } = open.exchange
  process.stdout.write(`The journal is whole up to sequence ${sequence}; the state there is ${engine.stateHash()}.\n`)
  const plan = planConfig(project, open.exchange.engine, { cancelBreakingOrders: false, held: heldStates(await heldMarkets(open.store.settings)) })
  await open.close()
  for (const refusal of plan.refusals) process.stdout.write(`refused: ${refusal}\n`)
  for (const line of plan.changes.flatMap((change) => change.lines)) process.stdout.write(`${line}\n`)
  if (plan.refusals.length > 0) process.exitCode = 1
  else if (plan.changes.length === 0) process.stdout.write('The next start changes nothing.\n')
}

export async function rebuildCommand(flags: PlaceFlags): Promise<void> {
  const open = await openAtRest(flags)
  const stage = startStage('Rebuilding the history from the journal')
  await open.exchange.rebuildProjection(open.store.projection, (done) => stage.update(done))
  stage.done()
  await open.close()
}

/** Opens the data of an exchange that does not run. */
export function openAtRest(flags: PlaceFlags, more: Partial<Pick<OpenOptions, 'applyChanges' | 'onCheck'>> = {}): ReturnType<typeof openExchange> {
  return loadProject(path.resolve(flags.project)).then((project) =>
    openExchange(project, dataDirOf(flags), {
      cancelBreakingOrders: false,
      applyChanges: true,
      onConfigChange: () => {},
      onRecovery: () => {},
      log: (message) => process.stderr.write(`  ${message}\n`),
      ...more,
      onHalt: (error) => {
        throw error
      },
    }),
  )
}
