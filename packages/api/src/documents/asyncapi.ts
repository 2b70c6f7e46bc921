/** The AsyncAPI 3 document of what travels over sockets: streams and requests. */
import { ApiError, REQUESTS, STREAMS, type RequestContract, type StreamContract } from '@bourse/client'
import { z } from 'zod'
import { API_VERSION } from './openapi.js'
import { documentSchemas, type JsonSchema } from './json-schemas.js'

export function asyncApiDocument(name: string): JsonSchema {
  const streams: [string, StreamContract][] = Object.entries(STREAMS)
  const requests: [string, RequestContract][] = Object.entries(REQUESTS)
  const messages = [...streams.flatMap(([channel, stream]) => streamMessages(channel, stream)), ...requests.flatMap(([event, request]) => requestMessages(event, request))]
  const schemas = documentSchemas([ApiError, ...messages.map(({ payload }) => payload)])
  return {
    asyncapi: '3.0.0',
    info: {
      title: `${name} streams`,
      version: API_VERSION,
      description: 'Over socket.io: the event `subscribe` with a subscription is acknowledged by `{ ok: true, snapshot }` or `{ ok: false, error }`; then `message` brings what follows. Requests are events of their own name, acknowledged by `{ ok: true, result }` or `{ ok: false, error }` once durable.',
    },
    servers: { exchange: { host: 'localhost', pathname: '/api/v1/stream', protocol: 'socket.io', description: 'The host that serves this document.' } },
    channels: Object.fromEntries([
      ...streams.map(([channel, { summary }]) => [channel, { address: channel, description: summary, messages: references(['subscription', 'snapshot', 'message'].map((part) => `${channel}.${part}`)) }]),
      ...requests.map(([event, { summary }]) => [event, { address: event, description: summary, messages: references([`${event}.request`, `${event}.result`]) }]),
    ]),
    operations: Object.fromEntries([
      ...streams.map(([channel, { summary, access }]) => [`${channel}.subscribe`, subscribing(channel, summary, access)]),
      ...streams.map(([channel, { summary }]) => [`${channel}.follow`, operation('send', channel, summary, ['message'])]),
      ...requests.map(([event, request]) => [event, requesting(event, request)]),
    ]),
    components: {
      messages: Object.fromEntries(messages.map(({ id, title, payload }) => [id, { name: id, title, payload: schemas.of(payload) }])),
      schemas: schemas.named,
    },
  }
}

interface NamedMessage {
  readonly id: string
  readonly title: string
  readonly payload: z.ZodType
}

function streamMessages(channel: string, { subscription, snapshot, data }: StreamContract): NamedMessage[] {
  const { channel: name, market, interval } = subscription.shape
  const place = { channel: name ?? z.literal(channel), ...(market !== undefined && { market }), ...(interval !== undefined && { interval }) }
  return [
    { id: `${channel}.subscription`, title: 'What a listener asks for', payload: subscription },
    { id: `${channel}.snapshot`, title: 'What the listener starts from', payload: snapshot },
    { id: `${channel}.message`, title: 'What follows', payload: z.object({ ...place, data }) },
  ]
}

function requestMessages(event: string, { body, answer }: RequestContract): NamedMessage[] {
  return [
    { id: `${event}.request`, title: 'What is asked', payload: body },
    { id: `${event}.result`, title: 'What came of it', payload: answer },
  ]
}

function references(ids: readonly string[]): JsonSchema {
  return Object.fromEntries(ids.map((id) => [id, { $ref: `#/components/messages/${id}` }]))
}

/** Seen from the exchange: it receives what clients send. */
function operation(action: 'send' | 'receive', channel: string, summary: string, parts: readonly string[]): JsonSchema {
  return { action, channel: { $ref: `#/channels/${channel}` }, summary, messages: parts.map((part) => ({ $ref: `#/channels/${channel}/messages/${channel}.${part}` })) }
}

function subscribing(channel: string, summary: string, access: string): JsonSchema {
  return { ...operation('receive', channel, summary, ['subscription']), reply: reply(channel, 'snapshot'), 'x-access': access }
}

function requesting(event: string, { summary, cost }: RequestContract): JsonSchema {
  return { ...operation('receive', event, summary, ['request']), reply: reply(event, 'result'), 'x-access': 'trade', 'x-weight': cost.weight, 'x-orders': cost.orders }
}

function reply(channel: string, part: string): JsonSchema {
  return { channel: { $ref: `#/channels/${channel}` }, messages: [{ $ref: `#/channels/${channel}/messages/${channel}.${part}` }] }
}
