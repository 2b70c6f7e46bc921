/** Builds the terminal into static assets; in development it passes API and streams on to a running exchange. */
import react from '@vitejs/plugin-react'
import { defineConfig } from 'vite'

/** The exchange that `vite` (development) talks to. */
const exchangeUrl = process.env['EXCHANGE_URL'] ?? 'http://127.0.0.1:3000'

export default defineConfig({
  plugins: [react()],
  /** Other packages of the workspace are taken from their sources: no build of theirs is needed first. */
  resolve: { conditions: ['bourse-source', 'module', 'browser', 'development|production'] },
  build: {
    target: 'es2022',
    /** What the assets contain of others, for the licences that ask to be named. */
    license: { fileName: 'licenses.md' },
    rolldownOptions: {
      output: {
        codeSplitting: {
          groups: [
            { name: 'react', test: /node_modules[\\/](react|react-dom|scheduler)[\\/]/ },
            { name: 'dock', test: /node_modules[\\/]dockview/ },
            { name: 'chart', test: /node_modules[\\/]klinecharts/ },
            { name: 'connection', test: /node_modules[\\/](zod|socket\.io|engine\.io|@socket\.io)/ },
          ],
        },
      },
    },
  },
  server: {
    proxy: {
      '/api': { target: exchangeUrl, ws: true },
      '/brand': exchangeUrl,
    },
  },
})
