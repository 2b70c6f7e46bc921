/** `exchange check` on a journal that is whole, and on one with a flipped bit. */
import { expect } from 'chai'
import { readFile, writeFile } from 'node:fs/promises'
import path from 'node:path'
import { runExchange, startExchange, temporaryProject } from './running-exchange.js'

describe('exchange check', function () {
  this.timeout(120_000)

  it('says up to where the journal is whole, and names file and byte of damage', async () => {
    const project = await temporaryProject((config) => config.replace('enabled: true', 'enabled: false'))
    try {
      const running = await startExchange({ project: project.dir, data: project.data })
      expect(await running.stop()).to.equal(0)
      const flags = ['check', '--project', project.dir, '--data', project.data]
      const whole = await runExchange(flags)
      expect(whole.output).to.match(/The journal is whole up to sequence [0-9]+; the state there is [0-9a-f]+/)
      expect(whole.code).to.equal(0)

      const file = path.join(project.data, 'engine/journal/00000001.journal')
      const content = await readFile(file)
      content[100]! ^= 4
      await writeFile(file, content)
      const damaged = await runExchange(flags)
      expect(damaged.output).to.contain('The journal is damaged').and.to.contain(`${file} at byte 0`)
      expect(damaged.code).to.equal(1)
      expect(Buffer.compare(await readFile(file), content), 'the file is as it was').to.equal(0)
    } finally {
      await project.remove()
    }
  })
})
