/** Opens an exchange that is to be served: with every change of its configuration, its disk and its halts told to the operator. */
import type { Project } from '../config/load-project.js'
import type { DataDir } from './data-dir.js'
import { openExchange, type OpenExchange } from './open-exchange.js'
import type { Operations } from './operations.js'
import type { ServeOptions } from './serving.js'
import { historyStartMs, simulatedMarkets } from './simulator-host.js'

export function openForService(project: Project, data: DataDir, options: ServeOptions, operations: Operations): Promise<OpenExchange> {
  return openExchange(project, data, {
    reset: options.reset,
    cancelBreakingOrders: options.cancelBreakingOrders,
    applyChanges: true,
    ...(project.config.simulator.enabled && simulatedMarkets(project).length > 0 && { birthMs: historyStartMs(project, Date.now()) }),
    onConfigChange: options.onConfigChange,
    onRecovery: (done) => options.onStage('Replaying the journal', done),
    onHalt: options.onHalt,
    onReadOnly: (error) => operations.log(error.message),
    timings: operations.metrics,
    log: operations.log,
  })
}
