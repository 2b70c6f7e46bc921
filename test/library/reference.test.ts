/** The API reference can be generated, and nothing in it points nowhere. */
import { expect } from 'chai'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import os from 'node:os'
import path from 'node:path'
import { promisify } from 'node:util'

const SCRIPT = path.resolve(import.meta.dirname, '../../scripts/reference')

describe('The API reference', function () {
  this.timeout(120_000)

  it('is generated without a warning and names what the packages export', async () => {
    const folder = await mkdtemp(path.join(os.tmpdir(), 'bourse-reference-'))
    try {
      await promisify(execFile)(process.execPath, [path.join(SCRIPT, 'node_modules/typedoc/bin/typedoc'), '--out', folder], { cwd: SCRIPT })
      const index = await readFile(path.join(folder, 'modules/_bourse_core.html'), 'utf8')
      for (const name of ['createEngine', 'createVenue', 'MarketData', 'execute', 'FrameBuffer']) expect(index).to.contain(name)
    } finally {
      await rm(folder, { recursive: true })
    }
  })
})
