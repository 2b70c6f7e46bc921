/** The numbers of a running exchange, as Prometheus reads them. */
import type { AnsweredRequest, MetricsPage } from '@bourse/api'
import type { Exchange, ExchangeStatus } from '@bourse/exchange'
import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from 'prom-client'

/** Seconds; from a fast disk to one that is in trouble. */
const DISK_BUCKETS = [0.0001, 0.00025, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 1, 5]
const HTTP_BUCKETS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 10]

export interface MetricsSources {
  readonly exchange: Pick<Exchange, 'onCommitted' | 'status'>
  /** Sockets that are open now. */
  readonly sockets: () => number
  /** Gateways that are connected to this engine, where it serves those of other processes. */
  readonly gateways?: (() => number) | undefined
  /** Requests that are not answered yet. */
  readonly requestsInFlight: () => number
  readonly ready: () => Promise<boolean>
  /** Microseconds since 1970, on the clock that stamps commands. */
  readonly nowUs: () => number
}

export class Metrics {
  readonly registry = new Registry()
  private readonly requests: Histogram<'method' | 'route' | 'status'>
  private readonly journalAppend: Histogram
  private readonly journalSync: Histogram
  private readonly logged: Counter<'level'>
  private stop: () => void = () => undefined

  constructor(facts: { readonly version: string; readonly mode: string }) {
    const registers = [this.registry]
    collectDefaultMetrics({ register: this.registry })
    new Gauge({ name: 'bourse_info', help: 'What runs: version of the exchange, of Node, and the mode.', labelNames: ['version', 'node', 'mode'], registers }).set({ ...facts, node: process.versions.node }, 1)
    this.requests = new Histogram({ name: 'bourse_http_request_seconds', help: 'Time from a request to the end of its answer, by the pattern of the route; status 0: the caller had gone.', labelNames: ['method', 'route', 'status'], buckets: HTTP_BUCKETS, registers })
    this.journalAppend = new Histogram({ name: 'bourse_journal_append_seconds', help: 'Time from a group of commands given to the journal until it is durable, the wait for the group before included.', buckets: DISK_BUCKETS, registers })
    this.journalSync = new Histogram({ name: 'bourse_journal_sync_seconds', help: 'Time of one sync of the journal to the disk.', buckets: DISK_BUCKETS, registers })
    this.logged = new Counter({ name: 'bourse_log_entries_total', help: 'Entries of the log that an operator should look at, by level.', labelNames: ['level'], registers })
  }

  /** Begins to follow an exchange that has recovered. */
  follow(sources: MetricsSources): void {
    this.followCommands(sources)
    this.followStatus(sources)
    const { sockets, gateways, requestsInFlight, ready } = sources
    this.gauge('bourse_sockets', 'Open sockets of every kind.', (set) => set(sockets()))
    if (gateways !== undefined) this.gauge('bourse_gateways', 'Gateways of other processes that are connected to this engine.', (set) => set(gateways()))
    this.gauge('bourse_http_requests_in_flight', 'Requests that are not answered yet.', (set) => set(requestsInFlight()))
    this.gauge('bourse_ready', '1 while the exchange is ready, as /ready tells it.', async (set) => set((await ready()) ? 1 : 0))
  }

  answered({ method, route, status, durationMs }: AnsweredRequest): void {
    this.requests.observe({ method, route, status: String(status) }, durationMs / 1000)
  }

  appended(seconds: number): void {
    this.journalAppend.observe(seconds)
  }

  synced(seconds: number): void {
    this.journalSync.observe(seconds)
  }

  entered(level: 'warn' | 'error' | 'fatal'): void {
    this.logged.inc({ level })
  }

  page(token: string | undefined): MetricsPage {
    return { contentType: this.registry.contentType, text: () => this.registry.metrics(), token }
  }

  close(): void {
    this.stop()
    this.registry.clear()
  }

  private followCommands({ exchange, nowUs }: MetricsSources): void {
    const registers = [this.registry]
    const commands = new Counter({ name: 'bourse_commands_total', help: 'Commands that became durable.', registers })
    const acknowledged = new Histogram({ name: 'bourse_acknowledgement_seconds', help: 'Time from the first command of a group until the group is durable and acknowledged.', buckets: DISK_BUCKETS, registers })
    this.stop = exchange.onCommitted(({ firstSequence, lastSequence, timestampUs, events }) => {
      commands.inc(lastSequence - firstSequence + 1)
      const arrivedUs = events.length === 0 ? timestampUs : events.timestampUs(0)
      acknowledged.observe(Math.max(0, nowUs() - arrivedUs) / 1_000_000)
    })
  }

  private followStatus({ exchange }: MetricsSources): void {
    const of = (read: (status: ExchangeStatus) => number) => (set: (value: number) => void) => set(read(exchange.status()))
    this.gauge('bourse_sequence', 'Sequence of the last durable command.', of(({ durableSequence }) => durableSequence))
    this.gauge('bourse_queue_commands', 'Commands that wait to become durable.', of(({ queued }) => queued))
    this.gauge('bourse_snapshot_sequence', 'Sequence of the newest snapshot.', of(({ snapshotSequence }) => snapshotSequence))
    this.gauge('bourse_read_only', '1 while no commands are taken, because the disk is full or nearly.', of(({ readOnly }) => (readOnly === undefined ? 0 : 1)))
    this.gauge('bourse_disk_free_bytes', 'Bytes that are left on the disk of the journal.', (set) => {
      const { space } = exchange.status()
      if (space !== undefined && Number.isFinite(space.freeBytes)) set(space.freeBytes)
    })
    const projections = (name: string, help: string, read: (projection: ExchangeStatus['projections'][number]) => number): void => {
      new Gauge({
        name,
        help,
        labelNames: ['projection'],
        registers: [this.registry],
        collect() {
          for (const projection of exchange.status().projections) this.set({ projection: projection.name }, read(projection))
        },
      })
    }
    projections('bourse_projection_lag_commands', 'Commands that a projection is behind.', ({ lag }) => lag)
    projections('bourse_projection_waiting_bytes', 'Bytes of events that wait for a projection.', ({ waitingBytes }) => waitingBytes)
    projections('bourse_projection_failing', '1 while the last transaction of a projection failed.', ({ error }) => (error === undefined ? 0 : 1))
  }

  private gauge(name: string, help: string, collect: (set: (value: number) => void) => void | Promise<void>): void {
    new Gauge({
      name,
      help,
      registers: [this.registry],
      collect() {
        return collect((value) => this.set(value))
      },
    })
  }
}
