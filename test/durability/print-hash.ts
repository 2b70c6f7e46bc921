/** A process of its own for tests: prints the state hash of the random stream of a seed and a number of commands. */
import { randomStream } from '@bourse/testkit'

const [seed, commands] = process.argv.slice(2).map(Number)
console.log(randomStream({ seed: seed!, commands: commands! }).engine.stateHash())
