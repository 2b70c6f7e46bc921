/** Runs after npm has packed a package, in the folder of the package: removes what `prepack.js` has added. */
import { rmSync } from 'node:fs'
import path from 'node:path'

for (const added of ['LICENSE', 'templates']) rmSync(path.join(process.cwd(), added), { recursive: true, force: true })
