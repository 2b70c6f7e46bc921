/** An answer of the API before it is written, and how it is: head and body in one piece, with or without express in front. */
import type { ServerResponse } from 'node:http'

/** Headers as node takes them in one list, which may repeat a name: name, value, name, value. */
export type HeaderList = readonly string[]

export interface Reply {
  readonly status: number
  /** JSON; null where there is no body. */
  readonly text: string | null
  /** What this answer tells beside the headers that all have. */
  readonly headers: HeaderList
}

/** Writes an answer on whose response others have set headers. */
export function writeReply(response: ServerResponse, reply: Reply): void {
  setHeaders(response, reply.headers)
  setHeaders(response, describing(reply))
  response.writeHead(reply.status).end(reply.text)
}

/** Writes an answer on whose response nobody has set a header: node takes them all at once then. */
export function writeWholeReply(response: ServerResponse, reply: Reply, fixed: HeaderList): void {
  response.writeHead(reply.status, fixed.concat(reply.headers, describing(reply))).end(reply.text)
}

/** Sets what a reply would tell, for an answer that is written otherwise. */
export function setHeaders(response: ServerResponse, headers: HeaderList): void {
  for (let at = 0; at < headers.length; at += 2) response.appendHeader(headers[at]!, headers[at + 1]!)
}

function describing({ text }: Reply): HeaderList {
  return text === null ? [] : ['Content-Type', 'application/json; charset=utf-8', 'Content-Length', String(Buffer.byteLength(text))]
}
