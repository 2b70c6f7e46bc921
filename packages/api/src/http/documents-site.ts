/** Serves the documents of the API: for machines under `/v1`, for people under `/docs`; everything from this host. */
import { fileURLToPath } from 'node:url'
import path from 'node:path'
import type { RouteContract } from '@bourse/client'
import express, { type Router } from 'express'
import { asyncApiDocument } from '../documents/asyncapi.js'
import { openApiDocument } from '../documents/openapi.js'
import { referencePage } from '../documents/reference-page.js'

export interface DocumentsSiteOptions {
  /** Of the exchange, as it is now. */
  name(): string
  readonly routes: readonly RouteContract[]
}

const ASSETS = path.join(path.dirname(fileURLToPath(import.meta.url)), '../../assets')

interface Documents {
  readonly name: string
  readonly openApi: string
  readonly asyncApi: string
  readonly page: string
}

export function createDocumentsSite({ name, routes }: DocumentsSiteOptions): Router {
  let written: Documents | undefined
  /** Written at the first request, and again under another brand. */
  const documents = (): Documents => {
    const present = name()
    if (written?.name === present) return written
    const openApi = openApiDocument({ name: present, routes })
    const asyncApi = asyncApiDocument(present)
    written = { name: present, openApi: JSON.stringify(openApi), asyncApi: JSON.stringify(asyncApi), page: referencePage({ openApi, asyncApi }) }
    return written
  }
  const router = express.Router({ strict: true })
  router.get(['/v1/openapi.json', '/api/v1/openapi.json'], (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('json').send(documents().openApi)
  })
  router.get(['/v1/asyncapi.json', '/api/v1/asyncapi.json'], (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('json').send(documents().asyncApi)
  })
  router.get(['/docs', '/docs/'], (_request, response) => {
    response.set('Cache-Control', 'no-cache').type('html').send(documents().page)
  })
  for (const file of ['reference.css', 'reference.js']) {
    router.get(`/docs/${file}`, (_request, response) => response.set('Cache-Control', 'no-cache').sendFile(path.join(ASSETS, file)))
  }
  return router
}
