import { expect } from 'chai'
import { SOURCES_SHA256 } from '../../packages/core/src/engine/kernel-code.js'
import { kernelSources, stampOf } from '../../scripts/kernel/sources.js'

describe('The kernel', () => {
  it('was compiled from its sources as they are, with the layouts as they are', () => {
    expect(SOURCES_SHA256, 'run `npm run kernel` and commit what it writes').to.equal(stampOf(kernelSources()))
  })
})
