/** The readable reference at `/docs`: one page, written from the two documents, that needs no script to be read. */
import { html, prose, type Markup } from './html.js'
import { exampleOf, schemaTable, typeOf, type NamedSchemas, type ShownSchema } from './schema-table.js'
import type { JsonSchema } from './json-schemas.js'

interface Parameter {
  readonly name: string
  readonly in: 'path' | 'query' | 'header'
  readonly required: boolean
  readonly description?: string
  readonly schema: ShownSchema
}

interface Operation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly parameters?: readonly Parameter[]
  readonly requestBody?: { readonly content: Readonly<Record<string, { readonly schema: ShownSchema }>> }
  readonly responses: Readonly<Record<string, { readonly content?: Readonly<Record<string, { readonly schema: ShownSchema }>> }>>
  readonly 'x-access': string
  readonly 'x-needs'?: readonly string[]
  readonly 'x-roles'?: readonly string[]
  readonly 'x-weight': number
  readonly 'x-orders': number | string
}

interface OpenApi {
  readonly info: { readonly title: string; readonly version: string; readonly description: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>
  readonly components: { readonly schemas: NamedSchemas }
  readonly 'x-limits': Readonly<Record<string, Readonly<Record<'windowSeconds' | 'key' | 'user' | 'address' | 'anonymous', number>>>>
  readonly 'x-errors': Readonly<Record<string, { readonly status: number; readonly meaning: string }>>
}

interface AsyncApi {
  readonly info: { readonly description: string }
  readonly channels: Readonly<Record<string, { readonly description: string; readonly messages: Readonly<Record<string, unknown>> }>>
  readonly components: { readonly messages: Readonly<Record<string, { readonly title: string; readonly payload: ShownSchema }>> }
}

/** @param documents as they are served. */
export function referencePage(documents: { readonly openApi: JsonSchema; readonly asyncApi: JsonSchema }): string {
  // Both were written by this package, in the shapes that this page knows.
  const api = documents.openApi as JsonSchema & OpenApi
  const streams = documents.asyncApi as JsonSchema & AsyncApi
  return html`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${api.info.title}</title>
<link rel="icon" href="/favicon.svg" type="image/svg+xml">
<link rel="stylesheet" href="/docs/reference.css">
<script src="/docs/reference.js" defer></script>
</head>
<body>
${navigation(api, streams)}
<main>
${introduction(api)}
${api.tags.map(({ name }) => html`<section><h2 id="${anchor(name)}">${heading(name)}</h2>${operationsOf(api, name).map(([path, method, operation]) => operationPart(path, method, operation, api.components.schemas))}</section>`)}
${streamsPart(streams)}
${limitsPart(api)}
${errorsPart(api)}
<section><h2 id="schemas">Schemas</h2>${Object.entries(api.components.schemas).map(([name, schema]) => html`<article><h3 id="schema-${name}">${name}</h3>${schema.description === undefined ? '' : html`<p>${prose(schema.description)}</p>`}${schemaTable(schema)}</article>`)}</section>
</main>
</body>
</html>
`.text
}

function operationsOf({ paths }: OpenApi, tag: string): [string, string, Operation][] {
  return Object.entries(paths).flatMap(([path, methods]) => Object.entries(methods).map(([method, operation]): [string, string, Operation] => [path, method, operation])).filter(([, , { tags }]) => tags[0] === tag)
}

function navigation(api: OpenApi, { channels }: AsyncApi): Markup {
  return html`<nav aria-label="Contents">
<a class="name" href="#top">${api.info.title}</a>
<a href="#access">Logging in</a>
${api.tags.map(({ name }) => html`<details><summary>${heading(name)}</summary>${operationsOf(api, name).map(([path, method, { operationId }]) => html`<a href="#${operationId}"><span class="method ${method}">${method}</span> ${path}</a>`)}</details>`)}
<details><summary>Streams</summary>${Object.keys(channels).map((channel) => html`<a href="#stream-${channel}">${channel}</a>`)}</details>
<a href="#limits">Limits</a>
<a href="#errors">Errors</a>
<a href="#schemas">Schemas</a>
</nav>`
}

function introduction({ info }: OpenApi): Markup {
  return html`<header id="top">
<h1>${info.title}</h1>
<p>Version ${info.version}. ${info.description} For machines: <a href="/v1/openapi.json">OpenAPI 3.1</a> and <a href="/v1/asyncapi.json">AsyncAPI 3</a>.</p>
</header>
<section><h2 id="access">Logging in</h2>
<p>A browser that is logged in here is recognised by its cookie. Programs sign each request with an API key, or send <code>Authorization: Bearer</code> with the token that log-in returned. To try routes as somebody else than this browser, put a token here; it stays in this page.</p>
<form><label>Token <input id="token" type="password" autocomplete="off" spellcheck="false"></label></form>
</section>`
}

function operationPart(path: string, method: string, operation: Operation, named: NamedSchemas): Markup {
  const body = operation.requestBody?.content['application/json']?.schema
  const [status, success] = Object.entries(operation.responses)[0]!
  const answer = success.content?.['application/json']?.schema
  const parameters = operation.parameters ?? []
  return html`<article id="${operation.operationId}">
<h3><span class="method ${method}">${method}</span> <code>/api/v1${path}</code></h3>
<p>${prose(operation.summary)}</p>
<p class="facts">${accessText(operation['x-access'])}${operation['x-roles'] === undefined ? '' : `: ${operation['x-roles'].join(', ')}`}.${(operation['x-needs'] ?? []).map((need) => ` ${NEED_TEXTS[need] ?? need}.`).join('')} Weight ${operation['x-weight']}${operation['x-orders'] === 0 ? '' : `, orders: ${operation['x-orders']}`}.</p>
${parameters.length === 0 ? '' : html`<h4>Parameters</h4><div class="wide"><table><tbody>${parameters.map((one) => html`<tr><td><code>${one.name}</code> <span class="muted">${one.in}${one.required ? '' : ', optional'}</span></td><td>${typeOf(one.schema)}</td><td>${prose(one.description ?? '')}</td></tr>`)}</tbody></table></div>`}
${body === undefined ? '' : html`<h4>Body</h4>${body.$ref === undefined ? schemaTable(body) : html`<p>${typeOf(body)}</p>`}`}
<h4>Answer ${status}</h4><p>${answer === undefined ? 'Nothing.' : typeOf(answer)}${success.content?.['text/csv'] === undefined ? '' : html`; with <code>format=csv</code> the whole list as a file`}</p>
${tryPart(path, method, { parameters, body, named })}
</article>`
}

function tryPart(path: string, method: string, { parameters, body, named }: { parameters: readonly Parameter[]; body: ShownSchema | undefined; named: NamedSchemas }): Markup {
  const inputs = parameters.filter(({ in: place }) => place !== 'header').map((one) => html`<label>${one.name} <input name="${one.name}" data-in="${one.in}" value="${one.required ? String(exampleOf(one.schema, named)) : ''}" autocomplete="off" spellcheck="false"></label>`)
  const text = body === undefined ? undefined : JSON.stringify(exampleOf(body, named), null, 2)
  return html`<details class="try"><summary>Try it</summary><form data-method="${method.toUpperCase()}" data-path="/api/v1${path}">${inputs}${text === undefined ? '' : html`<label>Body <textarea name="body" rows="${Math.min(16, text.split('\n').length + 1)}" spellcheck="false">${text}</textarea></label>`}<button>Send</button><pre hidden aria-live="polite"></pre></form></details>`
}

const ACCESS_TEXTS: Readonly<Record<string, string>> = {
  public: 'Anyone',
  read: 'Whoever is logged in, and every API key',
  trade: 'Whoever is logged in, and API keys with the scope trade',
  withdraw: 'Whoever is logged in, and API keys with the scope withdraw',
  account: 'Whoever is logged in; no API key',
  operator: 'Those who work for the operator, by role; no API key',
}

const NEED_TEXTS: Readonly<Record<string, string>> = {
  verified: 'The e-mail address must be proved',
  proof: 'Whoever is logged in must have proved lately who they are',
}

function accessText(access: string): string {
  return ACCESS_TEXTS[access] ?? access
}

function streamsPart({ info, channels, components }: AsyncApi): Markup {
  const parts = Object.entries(channels).map(
    ([channel, { description, messages }]) => html`<article id="stream-${channel}"><h3><code>${channel}</code></h3><p>${prose(description)}</p><div class="wide"><table><tbody>${Object.keys(messages).map((id) => html`<tr><td>${components.messages[id]?.title ?? id}</td><td>${typeOf(components.messages[id]?.payload ?? {})}</td></tr>`)}</tbody></table></div></article>`,
  )
  return html`<section><h2 id="streams">Streams</h2><p>${prose(info.description)}</p>${parts}</section>`
}

function limitsPart({ 'x-limits': limits }: OpenApi): Markup {
  const rows = Object.entries(limits).map(([name, { windowSeconds, key, user, address, anonymous }]) => html`<tr><td>${name}</td>${[windowSeconds, key, user, address, anonymous].map((value) => html`<td>${value.toLocaleString('en')}</td>`)}</tr>`)
  return html`<section><h2 id="limits">Limits</h2><p>Requests have a weight and may count as orders. Both are spent from budgets that fill again within their window; over a limit the answer is 429 with <code>Retry-After</code>.</p><div class="wide"><table><thead><tr><th>Budget</th><th>Seconds</th><th>Key</th><th>Person</th><th>Address</th><th>Address without log-in</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function errorsPart({ 'x-errors': errors }: OpenApi): Markup {
  const rows = Object.entries(errors).map(([code, { status, meaning }]) => html`<tr id="error-${code}"><td><code>${code}</code></td><td>${status}</td><td>${prose(meaning)}</td></tr>`)
  return html`<section><h2 id="errors">Errors</h2><div class="wide"><table><thead><tr><th>Code</th><th>Status</th><th>Meaning</th></tr></thead><tbody>${rows}</tbody></table></div></section>`
}

function heading(tag: string): string {
  return tag.charAt(0).toUpperCase() + tag.slice(1)
}

function anchor(tag: string): string {
  return `tag-${tag.replaceAll(' ', '-')}`
}
