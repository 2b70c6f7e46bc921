/** Looks at what is under an exchange: Node, memory, the disk. */
import { open, rm, statfs } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import v8 from 'node:v8'
import { messageOf, ok, problem, warning, type Finding } from './finding.js'

const LEAST_NODE = [20, 19] as const
const RECOMMENDED_NODE = 22
const MEGABYTE = 1_000_000
const LEAST_MEMORY_MB = 1_000
const SYNCS = 8
/** A disk that takes longer acknowledges orders slowly; one that takes none at all does not sync. */
const SLOW_SYNC_MS = 20
const IMPOSSIBLE_SYNC_MS = 0.01

/** @param version as `process.versions.node` */
export function checkNode(version: string): Finding {
  const [major = 0, minor = 0] = version.split('.').map(Number)
  if (major < LEAST_NODE[0] || (major === LEAST_NODE[0] && minor < LEAST_NODE[1])) return problem('node', `Node.js ${version} is too old.`, `Install ${LEAST_NODE.join('.')} or newer; ${RECOMMENDED_NODE} or 24 are recommended.`)
  return ok('node', major < RECOMMENDED_NODE ? `Node.js ${version}; ${RECOMMENDED_NODE} or 24 are recommended.` : `Node.js ${version}.`)
}

export interface MemoryFacts {
  readonly totalBytes: number
  readonly freeBytes: number
  /** Most that the heap of JavaScript may take. */
  readonly heapLimitBytes: number
}

export function memoryFacts(): MemoryFacts {
  const limit = 'constrainedMemory' in process ? process.constrainedMemory() : 0
  const totalBytes = limit > 0 && limit < os.totalmem() ? limit : os.totalmem()
  return { totalBytes, freeBytes: os.freemem(), heapLimitBytes: v8.getHeapStatistics().heap_size_limit }
}

export function checkMemory({ totalBytes, freeBytes, heapLimitBytes }: MemoryFacts): Finding {
  const facts = `${mb(totalBytes)} of memory, ${mb(freeBytes)} free, heap limit ${mb(heapLimitBytes)}`
  if (totalBytes < LEAST_MEMORY_MB * MEGABYTE) return warning('memory', `${facts}.`, `Give the machine or container at least ${LEAST_MEMORY_MB} MB.`)
  if (heapLimitBytes > totalBytes) return warning('memory', `${facts}: the heap may grow beyond the memory, and the system would kill the exchange.`, `Start with NODE_OPTIONS=--max-old-space-size=${Math.floor((totalBytes / MEGABYTE) * 0.6)}.`)
  return ok('memory', `${facts}.`)
}

export interface DiskLimits {
  readonly warnBelowMb: number
  readonly readOnlyBelowMb: number
}

/** Space, and whether and how fast a file of the folder is synced. */
export async function checkDisk(dir: string, { warnBelowMb, readOnlyBelowMb }: DiskLimits): Promise<Finding[]> {
  const findings: Finding[] = []
  try {
    const { bavail, bsize } = await statfs(dir)
    const free = bavail * bsize
    const remedy = `Free space on the disk of ${dir}, or put the data on a larger one.`
    if (free < readOnlyBelowMb * MEGABYTE) findings.push(problem('disk: space', `${mb(free)} are free; below ${readOnlyBelowMb} MB no command is taken.`, remedy))
    else if (free < warnBelowMb * MEGABYTE) findings.push(warning('disk: space', `${mb(free)} are free.`, remedy))
    else findings.push(ok('disk: space', `${mb(free)} are free.`))
  } catch (error) {
    findings.push(problem('disk: space', `It cannot be told: ${messageOf(error)}.`, `Check that ${dir} is on a disk that works.`))
  }
  findings.push(await checkSync(dir))
  return findings
}

async function checkSync(dir: string): Promise<Finding> {
  const file = path.join(dir, `.doctor-${process.pid}`)
  try {
    const times = await timeSyncs(file)
    const median = times.sort((a, b) => a - b)[times.length >> 1]!
    const words = `A write is on the disk after ${median.toFixed(2)} ms (median of ${SYNCS}, longest ${times.at(-1)!.toFixed(2)}).`
    if (median > SLOW_SYNC_MS) return warning('disk: sync', words, 'Every acknowledgement waits for it: use a local SSD.')
    if (median < IMPOSSIBLE_SYNC_MS) return warning('disk: sync', `${words} That is faster than any disk.`, 'Orders may be lost in a power cut: put the data on a disk that syncs (not tmpfs, no mount without barriers).')
    return ok('disk: sync', words)
  } catch (error) {
    return problem('disk: sync', `${dir} cannot be written: ${messageOf(error)}.`, 'Give the user that runs the exchange the right to write there, and check that the disk is not mounted read-only.')
  } finally {
    await rm(file, { force: true }).catch(() => undefined)
  }
}

async function timeSyncs(file: string): Promise<number[]> {
  const handle = await open(file, 'w', 0o600)
  try {
    const block = Buffer.alloc(4096, 1)
    const times: number[] = []
    for (let index = 0; index < SYNCS; index++) {
      const startedMs = performance.now()
      await handle.write(block, 0, block.length, index * block.length)
      await handle.datasync()
      times.push(performance.now() - startedMs)
    }
    return times
  } finally {
    await handle.close()
  }
}

function mb(bytes: number): string {
  return `${(bytes / MEGABYTE).toFixed(0)} MB`
}
