/** Lets a fault happen to a running process: at once, or at one of the next operations of its disk. */
import type { DiskOperation } from '@bourse/journal-file/testing'
import type { SeededRandom } from '@bourse/testkit'
import type { Fault } from './faults.js'
import type { Life } from './life.js'

export function armFault(life: Life, { kind, random }: Fault): void {
  const { run } = life
  switch (kind) {
    case 'power-cut':
    case 'kill':
      return crashAfter(life, random.below(40), kind, random)
    case 'snapshot-crash':
      // Whether it can be written is not the question here.
      life.exchange?.snapshot().catch(() => undefined)
      return crashAfter(life, random.below(16), random.onceIn(3) ? 'kill' : 'power-cut', random)
    case 'sync-error':
      return failNext(life, ['sync', ...(random.onceIn(3) ? (['sync-directory'] as const) : [])], random)
    case 'write-error':
      return failNext(life, random.pick([['write'], ['create', 'rename', 'remove']]), random)
    case 'full-disk':
      run.disk.capacity = run.disk.used() + random.below(6000)
      run.stillFull = random.onceIn(2)
      return
    case 'short-writes':
      return shortenWrites(life, random.between(1, 20), random)
    case 'slow-disk':
      life.slowOperations = random.between(5, 40)
      return
    case 'clock-jump':
      run.counts.clockJumps++
      run.wallUs += random.pick([-1, 1, -3_600_000_000, 86_400_000_000, -5_000_000, 60_000_000])
      return
    case 'bit-flip':
    case 'snapshot-rot':
      run.damage.push({ kind, random })
      if (random.onceIn(2)) return crashAfter(life, random.below(20), random.pick(['power-cut', 'kill']), random)
      return life.end('restart')
    case 'history-failure':
      run.counts.historyFailures++
      run.history.failure = random.pick(['before', 'after'])
      return
    case 'restart':
      return life.end('restart')
  }
}

function crashAfter(life: Life, operations: number, how: 'power-cut' | 'kill', random: SeededRandom): void {
  const { run, armed } = life
  const last = run.disk.operations + operations
  run.crashWhileStarting = random.onceIn(3) ? Array.from({ length: random.between(1, 3) }, () => random.below(12)) : []
  armed.push((_operation, count) => (count > last ? how : undefined))
}

function failNext(life: Life, operations: readonly DiskOperation[], random: SeededRandom): void {
  const where = random.pick(['/journal/', '/journal/', '/snapshots/', '/'])
  let skip = random.below(3)
  armOnce(life, (operation, path) => operations.includes(operation) && `${path}/`.includes(where) && skip-- === 0)
}

function armOnce(life: Life, matches: (operation: DiskOperation, path: string) => boolean): void {
  let done = false
  life.armed.push((operation, _count, path) => {
    if (done || !matches(operation, path)) return undefined
    done = true
    life.run.trace('EIO')
    return { kind: 'error', code: 'EIO' }
  })
}

function shortenWrites(life: Life, writes: number, random: SeededRandom): void {
  let left = writes
  life.armed.push((operation) => {
    if (operation !== 'write' || left === 0 || random.onceIn(3)) return undefined
    left--
    life.run.counts.shortWrites++
    return { kind: 'short' }
  })
}
