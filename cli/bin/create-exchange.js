#!/usr/bin/env node
// Stands in for the compiled command, so that a first install can link it before anything is built.
import { existsSync } from 'node:fs'

const program = new URL('../dist/main.js', import.meta.url)
if (existsSync(program)) {
  await import(program.href)
} else {
  console.error('create-exchange is not built yet. Run "npm run build" at the root of the repository first.')
  process.exitCode = 1
}
