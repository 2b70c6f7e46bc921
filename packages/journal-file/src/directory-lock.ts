/** Makes sure that one process at a time uses a data directory, with a lock that the operating system drops when the process dies. */
import { createHash, randomBytes } from 'node:crypto'
import { closeSync, openSync } from 'node:fs'
import { mkdir, readdir, realpath, rename, rm, stat } from 'node:fs/promises'
import { connect, createServer, type Server } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { errorCode } from './file-system.js'

export interface DirectoryLock {
  release(): Promise<void>
}

/** Somebody else holds the directory. */
export class DirectoryLockedError extends Error {
  readonly code = 'directory_locked'
  constructor(
    readonly directory: string,
    readonly pid: number,
  ) {
    const holder = pid === process.pid ? 'this process already' : `process ${pid}`
    super(`The data directory ${directory} is in use by ${holder}. Stop ${pid === process.pid ? 'the exchange that uses it' : 'that process'} or choose another directory; two writers would destroy each other's journal.`)
    this.name = 'DirectoryLockedError'
  }
}

/**
 * Takes the lock of a directory that exists.
 *
 * Node offers no flock, so the lock is a listening Unix socket in the directory: the kernel refuses connections
 * to it as soon as its process is gone, kill -9 included, and containers that share the directory see it too.
 * Every candidate first announces itself with a socket under a name never used again, then looks for others
 * that answer. Of two candidates the later one to look always sees the other, so two can never both succeed;
 * a name that does not answer is dead for ever and may be removed. On Windows the lock is a named pipe, which
 * the system gives to one process only.
 *
 * @throws DirectoryLockedError with the holder's pid.
 */
export async function lockDirectory(directory: string): Promise<DirectoryLock> {
  const path = await realpath(directory)
  if (process.platform === 'win32') return lockPipe(path)
  let place = path
  for (let attempt = 1; ; attempt++) {
    let claim: Claim
    try {
      claim = await announce(place)
    } catch (error) {
      if (place !== path || !SOCKETS_IMPOSSIBLE.has(errorCode(error))) throw error
      place = await temporaryPlace(path)
      claim = await announce(place)
    }
    const rival = await findRival(place, claim.name)
    if (rival === undefined) {
      claim.state = 'owner'
      return { release: () => withdraw(place, claim) }
    }
    await withdraw(place, claim)
    if (rival.state === 'owner' || attempt === MAX_ATTEMPTS) throw new DirectoryLockedError(path, rival.pid)
    // Two candidates saw each other: both step back for a random while.
    await delay(20 + Math.random() * 100 * attempt)
  }
}

const MAX_ATTEMPTS = 20
const ANSWER_TIMEOUT_MS = 1000
const NAME = /^lock\.([0-9]+)\.[0-9a-f]{16}$/
const PENDING_NAME = /^pending-lock\.[0-9]+\.[0-9a-f]{16}$/
const PENDING_LEFTOVER_MS = 600_000
/** The shortest limit of a socket's path among the supported systems is 104 bytes. */
const MAX_SOCKET_PATH_BYTES = 100
/** Some network and virtual machine file systems hold no sockets; a path may be too long for one. */
const SOCKETS_IMPOSSIBLE = new Set(['ENOTSUP', 'EOPNOTSUPP', 'EPERM', 'EINVAL', 'ENAMETOOLONG'])

interface Claim {
  readonly name: string
  readonly server: Server
  state: 'candidate' | 'owner'
}

interface Rival {
  readonly state: 'candidate' | 'owner'
  readonly pid: number
}

/** Listens under a pending name first: a socket that is bound and does not listen yet would look dead. */
async function announce(place: string): Promise<Claim> {
  const name = `lock.${process.pid}.${randomBytes(8).toString('hex')}`
  const pending = `pending-${name}`
  const claim: Claim = { name, server: createServer(), state: 'candidate' }
  claim.server.on('connection', (socket) => {
    socket.on('error', () => undefined)
    socket.unref()
    socket.end(`${claim.state} ${process.pid}\n`)
  })
  await withSocketPath(place, pending, (path) => listen(claim.server, path))
  claim.server.unref()
  await rename(join(place, pending), join(place, name))
  return claim
}

function listen(server: Server, path: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen({ path, exclusive: true }, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

async function withdraw(place: string, claim: Claim): Promise<void> {
  await rm(join(place, claim.name), { force: true })
  // Listening ends with the call; its callback would wait for whoever is being answered.
  claim.server.close()
}

/** The first other claim that answers; those that do not are removed. */
async function findRival(place: string, own: string): Promise<Rival | undefined> {
  for (const name of await readdir(place)) {
    if (PENDING_NAME.test(name)) await removeLeftover(join(place, name))
    const digits = NAME.exec(name)?.[1]
    if (digits === undefined || name === own) continue
    const state = await withSocketPath(place, name, askState)
    if (state !== 'dead') return { state, pid: Number(digits) }
    await rm(join(place, name), { force: true })
  }
  return undefined
}

/** A process killed between binding and announcing leaves a pending name. */
async function removeLeftover(path: string): Promise<void> {
  const age = await stat(path).then((stats) => Date.now() - stats.mtimeMs, () => 0)
  if (age > PENDING_LEFTOVER_MS) await rm(path, { force: true })
}

/**
 * Only a refused connection or a name that has gone means death; a process too busy to answer lives.
 * One that hung up without an answer was withdrawing or dying: asking again later tells which.
 */
function askState(path: string): Promise<'dead' | 'candidate' | 'owner'> {
  return new Promise((resolve) => {
    const socket = connect({ path })
    let answer = ''
    const finish = (state: 'dead' | 'candidate' | 'owner'): void => {
      socket.destroy()
      resolve(state)
    }
    const answered = (): void => finish(answer.startsWith('owner') ? 'owner' : 'candidate')
    socket.setTimeout(ANSWER_TIMEOUT_MS, () => finish('owner'))
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('end', answered)
    socket.on('error', (error) => {
      const code = errorCode(error)
      if (code === 'ECONNREFUSED' || code === 'ENOENT') finish('dead')
      else if (code === 'ECONNRESET' || code === 'EPIPE') answered()
      else finish('owner')
    })
  })
}

/** Gives a path short enough for a socket: on Linux a long one goes through the directory's descriptor. */
async function withSocketPath<T>(place: string, name: string, use: (path: string) => Promise<T>): Promise<T> {
  const path = join(place, name)
  if (Buffer.byteLength(path) <= MAX_SOCKET_PATH_BYTES) return use(path)
  if (process.platform !== 'linux') throw Object.assign(new Error(`${path} is too long for a socket`), { code: 'ENAMETOOLONG' })
  const descriptor = openSync(place, 'r')
  try {
    return await use(`/proc/self/fd/${descriptor}/${name}`)
  } finally {
    closeSync(descriptor)
  }
}

/** Where the directory itself can hold no socket, its processes on this machine meet in the system's temporary directory. */
async function temporaryPlace(path: string): Promise<string> {
  const place = join(tmpdir(), `bourse-lock-${digest(path)}`)
  await mkdir(place, { recursive: true, mode: 0o700 })
  return place
}

function digest(path: string): string {
  return createHash('sha256').update(path).digest('hex').slice(0, 24)
}

async function lockPipe(path: string): Promise<DirectoryLock> {
  const pipe = `\\\\.\\pipe\\bourse-${digest(path.toLowerCase())}`
  const server = createServer((socket) => {
    socket.on('error', () => undefined)
    socket.end(`owner ${process.pid}\n`)
  })
  try {
    await listen(server, pipe)
  } catch (error) {
    if (errorCode(error) !== 'EADDRINUSE') throw error
    throw new DirectoryLockedError(path, await askPid(pipe))
  }
  server.unref()
  return {
    async release() {
      server.close()
    },
  }
}

function askPid(pipe: string): Promise<number> {
  return new Promise((resolve) => {
    let answer = ''
    const socket = connect({ path: pipe })
    socket.setTimeout(1000, () => socket.destroy())
    socket.on('data', (data) => (answer += data.toString('latin1')))
    socket.on('error', () => undefined)
    socket.on('close', () => resolve(Number(/[0-9]+/.exec(answer)?.[0] ?? 0)))
  })
}
