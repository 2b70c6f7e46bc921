import { once } from 'node:events'
import { createServer, type Server } from 'node:http'
import { connect, type AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { expect } from 'chai'
import { OpenConnections } from './open-connections.js'
import { Upgrades, type UpgradeHandler } from './upgrades.js'

const answering = (word: string): UpgradeHandler => (_request, socket) => void socket.end(`${word}\n`)

describe('the WebSocket paths of the server', () => {
  let server: Server
  let port: number
  before(async () => {
    const upgrades = new Upgrades()
    upgrades.mount('/ws', answering('streams'))
    upgrades.mount('/ws/private', answering('private'))
    upgrades.mount('/gone', answering('gone'))()
    server = createServer()
    upgrades.attach(server)
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    port = (server.address() as AddressInfo).port
  })
  after(() => server.close())

  async function upgraded(path: string): Promise<string> {
    const socket = connect(port, '127.0.0.1')
    socket.write(`GET ${path} HTTP/1.1\r\nHost: localhost\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`)
    return (await text(socket)).split(/\r?\n/)[0]!
  }

  for (const [path, answer] of [
    ['/ws', 'streams'],
    ['/ws?streams=a/b', 'streams'],
    ['/ws/btcusdt@trade', 'streams'],
    ['/ws/private', 'private'],
    ['/ws/private/key?x=/ws', 'private'],
    ['/wsx', 'HTTP/1.1 404 Not Found'],
    ['/', 'HTTP/1.1 404 Not Found'],
    ['/gone', 'HTTP/1.1 404 Not Found'],
    ['/?/ws', 'HTTP/1.1 404 Not Found'],
  ] as const) {
    it(`answers ${path} with "${answer}"`, async () => {
      expect(await upgraded(path)).to.equal(answer)
    })
  }

  it('refuses a path that is taken, and one that is none', () => {
    const upgrades = new Upgrades()
    upgrades.mount('/ws', answering('once'))
    expect(() => upgrades.mount('/ws', answering('twice'))).to.throw('mounted twice')
    for (const path of ['ws', '/ws/', '/', '']) expect(() => upgrades.mount(path, answering('never'))).to.throw('no path to mount')
  })
})

describe('the count of open sockets', () => {
  it('bounds all of them and those of one address, and counts each out once', () => {
    const open = new OpenConnections({ total: 3, ofOneAddress: 2 })
    const leave = open.enter('a')
    open.enter('a')
    expect([open.hasRoom('a'), open.hasRoom('b')]).to.deep.equal([false, true])
    open.enter('b')
    expect(open.hasRoom('c')).to.equal(false)
    leave()
    leave()
    expect([open.hasRoom('a'), open.hasRoom('c')]).to.deep.equal([true, true])
    open.enter('a')
    expect(open.hasRoom('c')).to.equal(false)
  })
})
