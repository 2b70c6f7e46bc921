/** Serves the page; packages of the workspace are taken from their sources. */
import { defineConfig } from 'vite'

export default defineConfig({
  base: './',
  resolve: { conditions: ['bourse-source', 'module', 'browser', 'development|production'] },
  worker: { format: 'es' },
  build: { target: 'es2022' },
})
