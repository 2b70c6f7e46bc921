/** Tests of the data directory's lock between processes. */
import { expect } from 'chai'
import { fork, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DirectoryLockedError, lockDirectory } from './directory-lock.js'
import { openFileStorage } from './file-storage.js'
import { append, readSequences, rejection } from './testing/frames.js'

const HOLDER = fileURLToPath(new URL('./testing/hold-lock.ts', import.meta.url))

describe('directory lock', function () {
  // Starting a process takes seconds on a busy machine.
  this.timeout(60_000)
  let directory: string
  let children: ChildProcess[]
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'bourse-lock-test-'))
    children = []
  })
  afterEach(async () => {
    for (const child of children) await end(child)
    await rm(directory, { recursive: true, force: true })
  })

  async function holder(path = directory): Promise<{ child: ChildProcess; answer: string }> {
    const child = fork(HOLDER, [path], { execArgv: ['--conditions=bourse-source', '--import=tsx'] })
    children.push(child)
    const [answer] = (await once(child, 'message')) as [string]
    return { child, answer }
  }

  async function end(child: ChildProcess): Promise<void> {
    if (child.exitCode !== null || child.signalCode !== null) return
    const exited = once(child, 'exit')
    child.kill('SIGKILL')
    await exited
  }

  it('refuses a second process and names the first, also while that one is stopped', async () => {
    const { child } = await holder()
    for (const signal of [undefined, 'SIGSTOP'] as const) {
      if (signal !== undefined) child.kill(signal)
      const error = await rejection(lockDirectory(directory))
      expect(error).to.be.instanceOf(DirectoryLockedError).and.include({ pid: child.pid })
      expect(error.message).to.contain(String(child.pid)).and.contain(directory)
    }
  })

  it('is free as soon as its process was killed, and leaves nothing behind', async () => {
    const { child } = await holder()
    await end(child)
    const lock = await lockDirectory(directory)
    expect(await readdir(directory)).to.have.lengthOf(1)
    await lock.release()
    expect(await readdir(directory)).to.deep.equal([])
  })

  it('goes to exactly one of several processes that ask at once', async () => {
    const answers = (await Promise.all([holder(), holder(), holder(), holder()])).map(({ answer }) => answer)
    expect(answers.filter((answer) => answer === 'held')).to.have.lengthOf(1)
    expect(answers.filter((answer) => answer.startsWith('refused '))).to.have.lengthOf(3)
  })

  it('goes to exactly one of many that ask at once in one process', async () => {
    for (let round = 0; round < 5; round++) {
      const results = await Promise.allSettled(Array.from({ length: 8 }, () => lockDirectory(directory)))
      const held = results.filter((result) => result.status === 'fulfilled')
      expect(held).to.have.lengthOf(1)
      await held[0]!.value.release()
    }
  })

  it('works in a directory whose path is too long for a socket', async () => {
    const deep = join(directory, 'a-rather-long-name'.repeat(5), 'another-long-name'.repeat(5))
    await mkdir(deep, { recursive: true })
    const { child } = await holder(deep)
    expect(await rejection(lockDirectory(deep))).to.include({ pid: child.pid })
    await end(child)
    await (await lockDirectory(deep)).release()
  })

  it('guards the storage until it is closed', async () => {
    const storage = await openFileStorage(directory)
    await append(storage.journal, 1, 3)
    expect((await holder()).answer).to.equal(`refused ${process.pid}`)
    expect((await rejection(openFileStorage(directory))).message).to.contain('this process already')
    await storage.close()
    const again = await openFileStorage(directory)
    expect(await readSequences(again.journal)).to.deep.equal([1, 2, 3])
    await again.close()
  })
})
