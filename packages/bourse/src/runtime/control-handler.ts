/** Does what the `exchange` command asks of an exchange that runs. */
import { copyJournal } from '@bourse/journal-file'
import type { Accounts } from '@bourse/identity'
import type { ControlRequest } from './control-protocol.js'
import { followVenue } from './follow-venue.js'
import { loopback } from './listening.js'
import type { OpenExchange } from './open-exchange.js'
import { runOperatorTask } from './operator-tasks.js'
import { saveSimulatorSwitch, type SimulatorHost } from './simulator-host.js'

export interface Controlled {
  readonly open: OpenExchange
  readonly url: string
  readonly simulator: SimulatorHost | undefined
  readonly people: Accounts
}

/** Answers the `exchange` command. */
export function controlHandler({ open, url, simulator, people }: Controlled): (request: ControlRequest, progress: (value: unknown) => void, signal: AbortSignal) => Promise<unknown> {
  return async (request, progress, signal) => {
    switch (request.command) {
      case 'status':
        return { name: open.project.config.brand.name, url, pid: process.pid, simulator: simulator?.running ?? false, lastCommandMs: open.exchange.engine.timestampUs / 1000, ...open.exchange.status() }
      case 'simulator':
        return switchSimulator({ open, url, simulator }, request.enabled)
      case 'copy-journal':
        return copyJournal(open.journal, request.to, progress)
      case 'task':
        return runOperatorTask(request.task, open, people)
      case 'replay': {
        const { files, market, speed } = request
        return followVenue({ open, request: { files, market, speed }, ...(simulator !== undefined && { simulator }), onProgress: progress, signal })
      }
    }
  }
}

async function switchSimulator({ open, url, simulator }: Omit<Controlled, 'people'>, enabled: boolean): Promise<{ enabled: boolean }> {
  if (simulator === undefined) throw new Error('No market of the configuration says how it is simulated. Add "simulation" to a market first.')
  await saveSimulatorSwitch(open.store, enabled)
  if (enabled) await simulator.start(loopback(url))
  else await simulator.switchOff()
  return { enabled }
}
