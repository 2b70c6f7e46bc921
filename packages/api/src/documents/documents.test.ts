import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { REQUESTS, ROUTES, STREAMS } from '@bourse/client'
import { validate } from '@readme/openapi-parser'
import { Ajv } from 'ajv'
import { expect } from 'chai'
import { asyncApiDocument } from './asyncapi.js'
import { openApiDocument } from './openapi.js'

const routes = Object.values(ROUTES)

describe('the OpenAPI document', () => {
  const document = JSON.parse(JSON.stringify(openApiDocument({ name: 'Test', routes }))) as { paths: Record<string, Record<string, { operationId: string; parameters?: { name: string; required: boolean; schema: object }[] }>>; components: { schemas: Record<string, object> } }

  it('is valid OpenAPI 3.1', async () => {
    const given: object = structuredClone(document)
    const result = await validate(given as Parameters<typeof validate>[0])
    expect(result).to.deep.include({ valid: true })
  })

  it('has every route of the table, and no other', () => {
    const named = Object.values(document.paths).flatMap((methods) => Object.values(methods).map(({ operationId }) => operationId))
    expect(named).to.have.members(Object.keys(ROUTES))
  })

  it('tells numbers of queries with their bounds and defaults', () => {
    const limit = document.paths['/markets/{market}/depth']?.['get']?.parameters?.find(({ name }) => name === 'limit')
    expect(limit).to.deep.include({ required: false, schema: { type: 'integer', minimum: 1, maximum: 5000, default: 100 } })
  })

  it('names shared schemas once', () => {
    expect(Object.keys(document.components.schemas)).to.include.members(['Order', 'PlaceOrder', 'Decimal', 'ApiError'])
    expect(JSON.stringify(document)).to.not.include('__place')
  })
})

describe('the AsyncAPI document', () => {
  it('is valid AsyncAPI 3', async () => {
    const file = createRequire(import.meta.url).resolve('@asyncapi/specs/schemas/3.0.0-without-$id.json')
    const check = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(JSON.parse(await readFile(file, 'utf8')) as object)
    check(JSON.parse(JSON.stringify(asyncApiDocument('Test'))))
    expect(check.errors ?? []).to.deep.equal([])
  })

  it('refers to nothing that is not there', () => {
    const document: unknown = JSON.parse(JSON.stringify(asyncApiDocument('Test')))
    const references = [...JSON.stringify(document).matchAll(/"\$ref":"#\/([^"]+)"/g)].map(([, path]) => path!)
    expect(references.length).to.be.greaterThan(100)
    for (const path of new Set(references)) {
      const found = path.split('/').reduce<unknown>((value, key) => (typeof value === 'object' && value !== null ? Reflect.get(value, key) : undefined), document)
      expect(found, path).to.be.an('object')
    }
  })

  it('has every stream and every request', () => {
    const { channels } = asyncApiDocument('Test') as { channels: Record<string, object> }
    expect(Object.keys(channels)).to.have.members([...Object.keys(STREAMS), ...Object.keys(REQUESTS)])
  })
})
