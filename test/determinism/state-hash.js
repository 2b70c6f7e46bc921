/** Prints the state hash after random commands: run by the test beside it under other versions of Node, time zones and locales. */
import { runTwins } from '@bourse/testkit'

const [seed, commands] = process.argv.slice(2).map(Number)
const engine = runTwins({ seed: seed ?? 1, commands: commands ?? 1000, hashEach: 1000 })
console.log(`${engine.stateHash()} ${process.version} ${new Date(0).toLocaleString()}`)
