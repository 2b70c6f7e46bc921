import { expect } from 'chai'
import { ApiRequestError } from '@bourse/client'
import { createProof, ProofCancelled } from './proof.js'

describe('A sensitive change', () => {
  const needsProof = (proved: () => boolean) => async (): Promise<string> => {
    if (!proved()) throw new ApiRequestError('proof_required', 'prove it', 403)
    return 'done'
  }

  it('is done at once where no proof is needed', async () => {
    const proof = createProof()
    expect(await proof.withProof(needsProof(() => true))).to.equal('done')
    expect(proof.store.getState().asking).to.equal(false)
  })

  it('waits for the proof and is done then, several of them together', async () => {
    const proof = createProof()
    let proved = false
    const both = Promise.all([proof.withProof(needsProof(() => proved)), proof.withProof(needsProof(() => proved))])
    await new Promise<void>((resolve) => proof.store.subscribe(({ asking }) => asking && resolve()))
    await Promise.resolve()
    proved = true
    proof.given()
    expect(await both).to.deep.equal(['done', 'done'])
    expect(proof.store.getState().asking).to.equal(false)
  })

  it('is not done when the question is closed, and says no more of it', async () => {
    const proof = createProof()
    const one = proof.withProof(needsProof(() => false)).catch((error: unknown) => error)
    await new Promise<void>((resolve) => proof.store.subscribe(({ asking }) => asking && resolve()))
    proof.cancelled()
    expect(await one).to.be.instanceOf(ProofCancelled)
  })

  it('fails as it fails for any other reason', async () => {
    const proof = createProof()
    const error = await proof.withProof(() => Promise.reject(new ApiRequestError('forbidden', 'no', 403))).catch((thrown: unknown) => thrown)
    expect(error).to.include({ code: 'forbidden' })
  })
})
