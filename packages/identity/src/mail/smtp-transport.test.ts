import { expect } from 'chai'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { createInterface } from 'node:readline'
import { smtpTransport } from './smtp-transport.js'

const MAIL = { mailId: 'm-1', recipient: 'ann@example.com', subject: 'Acme: Grüße', text: 'hello\n', html: '<p>hello</p>' } as const

/** Just enough of a mail server: it takes what comes, or refuses the first so many. */
function mailServer(refusals = 0): { server: Server; received: string[] } {
  const received: string[] = []
  let left = refusals
  const server = createServer((socket) => {
    let content: string[] | undefined
    socket.write('220 mail.example ready\r\n')
    createInterface({ input: socket }).on('line', (line) => {
      if (content !== undefined) {
        if (line !== '.') return void content.push(line)
        received.push(content.join('\n'))
        content = undefined
        return socket.write('250 taken\r\n')
      }
      if (line.startsWith('DATA')) content = []
      if (line.startsWith('MAIL') && left-- > 0) return socket.write('421 try later\r\n')
      socket.write(line.startsWith('DATA') ? '354 go on\r\n' : line.startsWith('QUIT') ? '221 bye\r\n' : '250 ok\r\n')
    })
    socket.on('error', () => undefined)
  })
  return { server, received }
}

describe('mails over SMTP', () => {
  const servers: Server[] = []
  after(() => servers.forEach((server) => server.close()))
  const listening = async (refusals = 0) => {
    const { server, received } = mailServer(refusals)
    servers.push(server)
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    return { received, send: smtpTransport({ url: `smtp://127.0.0.1:${(server.address() as AddressInfo).port}`, from: 'Acme <no-reply@acme.example>' }) }
  }

  it('reach the mail server with sender, recipient and a name that stays the same', async () => {
    const { received, send } = await listening()
    await send(MAIL)
    await send(MAIL)
    expect(received).to.have.length(2)
    for (const mail of received) {
      expect(mail).to.include('From: Acme <no-reply@acme.example>').and.to.include('To: ann@example.com').and.to.include('Message-ID: <m-1@acme.example>').and.to.include('Auto-Submitted: auto-generated')
      expect(mail).to.match(/^Subject: =\?UTF-8\?/m)
    }
  })

  it('are refused with the words of the mail server, and go out the next time', async () => {
    const { received, send } = await listening(1)
    const error = await send(MAIL).catch((thrown: Error) => thrown.message)
    expect(error).to.include('421')
    await send(MAIL)
    expect(received).to.have.length(1)
  })

  it('take no header from a subject or a recipient', async () => {
    const { received, send } = await listening()
    await send({ ...MAIL, subject: 'hello\r\nBcc: all@example.com' })
    expect(received[0]).to.not.match(/^Bcc:/m)
  })

  it('need the address of a mail server', () => {
    expect(() => smtpTransport({ url: 'http://mail.example', from: 'x@example.com' })).to.throw('must begin with smtp://')
  })
})
