import { expect } from 'chai'
import { PassThrough } from 'node:stream'
import { askAnswers, Cancelled, defaultAnswers, type AskOptions } from './ask.js'
import { InvalidAnswer } from './parse-answers.js'

const ENTER = '\r'
const DOWN = '\u001b[B'
const CTRL_C = '\u0003'

/** Answers each prompt when it is shown: the text of the prompt -> keys to press. */
function conversation(answers: readonly (readonly [prompt: string, keys: string])[]): { streams: NonNullable<AskOptions['streams']>; unused: () => string[] } {
  const input = new PassThrough()
  const output = new PassThrough()
  const open = [...answers]
  let shown = ''
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString('utf8')
    const next = open[0]
    if (next === undefined || !shown.includes(next[0])) return
    open.shift()
    shown = ''
    // The prompt listens only once it has been drawn.
    setImmediate(() => input.write(next[1]))
  })
  return { streams: { input, output }, unused: () => open.map(([prompt]) => prompt) }
}

describe('the questions', () => {
  const nobody = { packageManager: 'npm', folderProblem: async () => undefined } as const

  it('suggest what --yes would take', async () => {
    const { streams, unused } = conversation([
      ['In which folder?', ENTER],
      ['What is the exchange called?', ENTER],
      ['Which assets', ENTER],
      ['Others, by code?', ENTER],
      ['Which markets?', ENTER],
      ['How shall it look?', ENTER],
      ['Accent colour?', ENTER],
      ['What does a new visitor see?', ENTER],
      ['Default language?', ENTER],
      ['Where does the history go?', ENTER],
      ['simulated traders', ENTER],
    ])
    const answers = await askAnswers({ ...nobody, given: {}, streams })
    expect(unused()).to.deep.equal([])
    expect(answers).to.deep.equal(defaultAnswers({ given: {}, packageManager: 'npm' }))
  })

  it('take other answers', async () => {
    const { streams } = conversation([
      ['In which folder?', `acme${ENTER}`],
      ['What is the exchange called?', `Acme "1"${ENTER}`],
      ['Which assets', ENTER],
      ['Others, by code?', `acme:4${ENTER}`],
      ['Which markets?', `BTC-USDT, ACME-USDT@2.5${ENTER}`],
      ['How shall it look?', `${DOWN}${ENTER}`],
      ['Accent colour?', `#123456${ENTER}`],
      ['What does a new visitor see?', `${DOWN}${ENTER}`],
      ['Default language?', `${DOWN}${ENTER}`],
      ['Where does the history go?', `${DOWN}${ENTER}`],
      ['URL of the PostgreSQL database?', `postgres://a@b/c${ENTER}`],
      ['simulated traders', `n`],
    ])
    const answers = await askAnswers({ ...nobody, given: {}, streams })
    expect(answers).to.deep.include({ directory: 'acme', name: 'Acme "1"', look: 'graphite', accent: '#123456', appearance: 'light', language: 'de', simulator: false })
    expect(answers.database).to.deep.equal({ kind: 'postgresql', url: 'postgres://a@b/c' })
    expect(answers.markets.map(({ base, startPrice }) => [base, startPrice])).to.deep.equal([['BTC', undefined], ['ACME', 2.5]])
  })

  it('leave out what flags have answered', async () => {
    const given = { ...defaultAnswers({ given: {}, packageManager: 'npm' }), markets: undefined, marketsText: 'BTC-USDT', language: undefined }
    const { streams, unused } = conversation([['Default language?', ENTER]])
    const answers = await askAnswers({ ...nobody, given, streams })
    expect(unused()).to.deep.equal([])
    expect(answers.language).to.equal('en')
  })

  it('end at once for a folder that cannot be used', async () => {
    const { streams } = conversation([['In which folder?', ENTER]])
    const asked = askAnswers({ packageManager: 'npm', given: {}, streams, folderProblem: async () => 'It is not empty.' })
    expect(await asked.then(() => undefined, (error: unknown) => error)).to.be.instanceOf(InvalidAnswer)
  })

  it('can be cancelled', async () => {
    const { streams } = conversation([['In which folder?', CTRL_C]])
    expect(await askAnswers({ ...nobody, given: {}, streams }).then(() => undefined, (error: unknown) => error)).to.be.instanceOf(Cancelled)
  })
})
