/** The folder in which an exchange keeps everything: its layout, its mark, and its removal. */
import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'

export interface DataDir {
  readonly dir: string
  /** Journal, snapshots and lock of the engine. */
  readonly engine: string
  /** SQLite, where no DATABASE_URL is given. */
  readonly database: string
  /** One folder for each asset adapter. */
  readonly adapters: string
  /** Where a running exchange listens for the `exchange` command. */
  readonly controlSocket: string
  /** Where the engine's process listens for gateways of other processes. */
  readonly engineSocket: string
  /** The key that seals secrets in the database, where the environment gives none; readable by the owner only. */
  readonly secretKey: string
  /** The demo's log-in, readable by the owner only. */
  readonly demoLogIn: string
}

const MARK = 'bourse-data.json'
/** Longest path that every system takes for a local socket. */
const MAX_SOCKET_PATH = 100

export function dataDir(dir: string): DataDir {
  const absolute = path.resolve(dir)
  return {
    dir: absolute,
    engine: path.join(absolute, 'engine'),
    database: path.join(absolute, 'bourse.sqlite'),
    adapters: path.join(absolute, 'adapters'),
    controlSocket: socketPath(absolute, 'control'),
    engineSocket: socketPath(absolute, 'engine'),
    secretKey: path.join(absolute, 'secret.key'),
    demoLogIn: path.join(absolute, 'demo-log-in.json'),
  }
}

function socketPath(dir: string, name: 'control' | 'engine'): string {
  const apart = name === 'control' ? '' : `-${name}`
  if (process.platform === 'win32') return `\\\\.\\pipe\\bourse${apart}-${digest(dir)}`
  const inside = path.join(dir, `${name}.sock`)
  return inside.length <= MAX_SOCKET_PATH ? inside : path.join(os.tmpdir(), `bourse${apart}-${digest(dir)}.sock`)
}

function digest(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 24)
}

/**
 * Creates the folder, or recognises it.
 *
 * @throws Error when the folder holds something else.
 */
export async function prepareDataDir(data: DataDir): Promise<{ isNew: boolean }> {
  await mkdir(data.dir, { recursive: true, mode: 0o700 })
  const mark = path.join(data.dir, MARK)
  if (existsSync(mark)) return { isNew: false }
  const entries = await readdir(data.dir)
  if (entries.length > 0) {
    throw new Error(`${data.dir} is not empty and is not the data of an exchange. Name another folder with --data DIR.`)
  }
  await markDataDir(data)
  return { isNew: true }
}

/** Whether a folder is the data of an exchange. */
export function isMarkedDataDir(data: DataDir): boolean {
  return existsSync(path.join(data.dir, MARK))
}

/** Says that a folder is the data of an exchange. */
export async function markDataDir(data: DataDir): Promise<void> {
  await writeFile(path.join(data.dir, MARK), `${JSON.stringify({ format: 1 })}\n`)
}

/**
 * Removes all data of an exchange. The folder itself stays.
 *
 * @throws Error when the folder is not the data of an exchange.
 */
export async function resetDataDir(data: DataDir): Promise<void> {
  if (!existsSync(data.dir)) return
  const entries = await readdir(data.dir)
  if (entries.length === 0) return
  const mark: unknown = existsSync(path.join(data.dir, MARK)) ? JSON.parse(await readFile(path.join(data.dir, MARK), 'utf8')) : undefined
  if (mark === undefined) throw new Error(`${data.dir} is not the data of an exchange; nothing was removed. Name the right folder with --data DIR.`)
  // The mark goes last: an interrupted removal can be repeated.
  for (const entry of entries) if (entry !== MARK) await rm(path.join(data.dir, entry), { recursive: true, force: true })
  await rm(path.join(data.dir, MARK))
}
