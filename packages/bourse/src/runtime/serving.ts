/** What all ways of serving an exchange have in common: what they are given, what they give, and an end in order. */
import { createServer, type Server } from 'node:http'
import { createGateway, type Gateway, type GatewayServices } from '@bourse/api'
import { mountBinance, type BinanceFacade, type BinanceOptions } from '@bourse/api-binance'
import type { Project } from '../config/load-project.js'
import type { DemoLogIn } from './demo-log-in.js'
import type { Logger } from './log.js'
import { closeServer, listen } from './listening.js'
import { Operations } from './operations.js'

export interface ServeOptions {
  readonly port: number
  readonly host: string
  /** Removes all data first. */
  readonly reset: boolean
  readonly cancelBreakingOrders: boolean
  /** Work that takes a while, by name, 0 to 1. */
  readonly onStage: (name: string, done: number) => void
  readonly onConfigChange: (lines: readonly string[]) => void
  readonly onHalt: (error: Error) => void
  readonly logger: Logger
}

export interface RunningExchange {
  /** Where people reach it. */
  readonly url: string
  readonly demoLogIn: DemoLogIn | undefined
  /** Refuses new work, makes what was acknowledged durable, and ends. */
  close(): Promise<void>
}

/** A server that listens, and what is to be undone, newest first. */
export interface House {
  readonly operations: Operations
  readonly server: Server
  readonly url: string
  readonly closers: (() => Promise<unknown> | void)[]
}

/** Listens from the first moment on, so that /health and /ready tell of a start that takes a while; whatever fails, what was opened is closed. */
export async function serve(project: Project, options: ServeOptions, bringUp: (house: House) => Promise<DemoLogIn | undefined>): Promise<RunningExchange> {
  const operations = new Operations(project.config, options.logger)
  const server = createServer(operations.door.handle)
  const url = await listen(server, options)
  const closers: House['closers'] = [() => operations.close(), () => closeServer(server)]
  const close = async (): Promise<void> => {
    for (const closer of closers.splice(0).reverse()) await closer()
  }
  try {
    return { url, demoLogIn: await bringUp({ operations, server, url, closers }), close }
  } catch (error) {
    await close()
    throw error
  }
}

export interface OpenGateway {
  readonly gateway: Gateway
  readonly binance: BinanceFacade
}

/** Puts every interface for people and programs on the server; nobody is let in yet. */
export function openGateway(services: GatewayServices, { server, closers }: House, binanceOptions: BinanceOptions = {}): OpenGateway {
  const gateway = createGateway(services)
  const binance = mountBinance(gateway, binanceOptions)
  gateway.attach(server)
  closers.push(() => gateway.close())
  closers.push(() => binance.close())
  return { gateway, binance }
}
