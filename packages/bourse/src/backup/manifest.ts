/** What a backup says of itself: what it holds, what it leaves out, and a checksum of every file. */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { open, readdir, readFile, rename, stat } from 'node:fs/promises'
import path from 'node:path'
import { pipeline } from 'node:stream/promises'
import { z } from 'zod'

export const MANIFEST = 'backup.json'
/** Inside a backup. */
export const FOLDERS = { engine: 'engine', records: 'records', adapters: 'adapters' } as const
/** The master key, where it was asked for. */
export const KEY_FILE = 'secret.key'

const Manifest = z.strictObject({
  format: z.literal(1),
  /** Version of the program that wrote it. */
  program: z.string(),
  takenAt: z.iso.datetime(),
  exchange: z.string(),
  journal: z.strictObject({ firstSequence: z.number().int(), lastSequence: z.number().int(), stateHash: z.string(), snapshots: z.array(z.number().int()) }),
  records: z.strictObject({ database: z.enum(['sqlite', 'postgres']), migrations: z.array(z.string()), tables: z.record(z.string(), z.number().int()) }),
  /** `keyName` tells which master key opens the sealed secrets of the records. */
  secrets: z.strictObject({ keyName: z.string(), keyFrom: z.enum(['environment', 'file']), keyIncluded: z.boolean() }),
  files: z.array(z.strictObject({ path: z.string(), bytes: z.number().int(), sha256: z.string() })),
})
export type Manifest = z.infer<typeof Manifest>

/** Completes a backup: until its manifest is there it is none. */
export async function writeManifest(dir: string, facts: Omit<Manifest, 'format' | 'files'>): Promise<Manifest> {
  const files = []
  for (const name of await filesBelow(dir)) {
    const file = path.join(dir, name)
    await syncFile(file)
    files.push({ path: name, bytes: (await stat(file)).size, sha256: await checksum(file) })
  }
  const manifest: Manifest = { format: 1, ...facts, files }
  const unfinished = path.join(dir, `${MANIFEST}.unfinished`)
  const handle = await open(unfinished, 'w', 0o600)
  await handle.writeFile(`${JSON.stringify(manifest, null, 2)}\n`)
  await handle.sync()
  await handle.close()
  await rename(unfinished, path.join(dir, MANIFEST))
  return manifest
}

/** @throws Error when there is no whole backup in a folder. */
export async function readManifest(dir: string): Promise<Manifest> {
  const file = path.join(dir, MANIFEST)
  const text = await readFile(file, 'utf8').catch(() => {
    throw new Error(`${dir} holds no whole backup: ${MANIFEST} is missing, which is written last. Name the folder that "exchange backup --to" wrote.`)
  })
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    throw new Error(`The backup is damaged: ${file} is not readable. Use another backup.`)
  }
  if (typeof value === 'object' && value !== null && 'format' in value && value.format !== 1) throw new Error(`The backup has format ${String(value.format)}; this version reads format 1. Restore it with the version that wrote it, or a newer one.`)
  const parsed = Manifest.safeParse(value)
  if (!parsed.success) throw new Error(`The backup is damaged: ${file} is not as it was written (${parsed.error.issues[0]?.path.join('.') ?? ''}). Use another backup.`)
  return parsed.data
}

/**
 * Compares every file with its checksum.
 *
 * @param onProgress share that is done, 0 to 1
 * @throws Error that names the first file that is missing, damaged or not of the backup.
 */
export async function verifyFiles(dir: string, { files }: Manifest, onProgress: (done: number) => void = () => undefined): Promise<void> {
  const total = files.reduce((sum, { bytes }) => sum + bytes, 0)
  let checked = 0
  for (const { path: name, bytes, sha256 } of files) {
    const file = path.join(dir, name)
    const size = await stat(file).then((facts) => facts.size, () => undefined)
    if (size === undefined) throw new Error(`The backup is not whole: ${file} is missing. Use another backup.`)
    if (size !== bytes || (await checksum(file)) !== sha256) throw new Error(`The backup is damaged: ${file} is not what was written. Use another backup.`)
    checked += bytes
    onProgress(total === 0 ? 1 : checked / total)
  }
  const known = new Set([MANIFEST, ...files.map((file) => file.path)])
  const foreign = (await filesBelow(dir)).find((name) => !known.has(name))
  if (foreign !== undefined) throw new Error(`${path.join(dir, foreign)} is no part of the backup. Remove it first: what lies in a backup is restored as it is.`)
}

/** All files below a folder, with forward slashes, sorted. */
async function filesBelow(dir: string): Promise<string[]> {
  const entries = await readdir(dir, { recursive: true, withFileTypes: true })
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(dir, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'))
    .sort()
}

async function checksum(file: string): Promise<string> {
  const hash = createHash('sha256')
  await pipeline(createReadStream(file), hash)
  return hash.digest('hex')
}

async function syncFile(file: string): Promise<void> {
  const handle = await open(file, 'r+')
  await handle.sync()
  await handle.close()
}
