/** Tests of the file that makes room on a full disk. */
import { expect } from 'chai'
import { mkdtemp, readdir, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { BALLAST_BYTES, ballastPath, trimBallast } from './ballast.js'

describe('the ballast of a data folder', () => {
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(path.join(tmpdir(), 'bourse-ballast-'))
  })
  afterEach(() => rm(dir, { recursive: true }))
  const trim = (free: number) => trimBallast(dir, { freeBytes: async () => free })

  it('is taken in once where there is room, and takes its room on the disk', async () => {
    expect(await trim(4 * BALLAST_BYTES)).to.equal('taken')
    const { size, blocks } = await stat(ballastPath(dir))
    expect(size).to.equal(BALLAST_BYTES)
    if (process.platform === 'linux') expect(blocks * 512).to.be.at.least(BALLAST_BYTES)
    expect(await trim(100 * BALLAST_BYTES)).to.equal('kept')
    expect(await readdir(dir)).to.deep.equal(['ballast'])
  })

  it('goes overboard when the disk is full, and comes back when there is room', async () => {
    await trim(10 * BALLAST_BYTES)
    expect(await trim(BALLAST_BYTES - 1)).to.equal('dropped')
    expect(await readdir(dir)).to.deep.equal([])
    expect(await trim(0)).to.equal('kept')
    expect(await trim(2 * BALLAST_BYTES)).to.equal('kept')
    expect(await trim(4 * BALLAST_BYTES)).to.equal('taken')
  })
})
