import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server, type Socket } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { addForward } from './hmp'
import { Qmp } from './qmp'

let dir: string
let server: Server
let client: Socket | undefined
const asked: { execute: string; id: number }[] = []
const path = (): string => join(dir, 'qmp.sock')
const limits = { signal: new AbortController().signal, timeoutMs: 20_000 }
const send = (message: object): void => void client?.write(`${JSON.stringify(message)}\r\n`)

/** A QEMU whose answers a test gives; the greeting's own are given here. */
beforeEach(async () => {
  dir = mkdtempSync(join(tmpdir(), 'slipway-qmp-'))
  asked.length = 0
  server = createServer((socket) => {
    client = socket
    socket.on('error', () => undefined)
    socket.on('data', (bytes) => {
      for (const line of bytes.toString().split('\n').filter(Boolean)) {
        const message = JSON.parse(line) as { execute: string; id: number }
        if (message.execute === 'qmp_capabilities') send({ return: {}, id: message.id })
        else asked.push(message)
      }
    })
    send({ QMP: { version: {}, capabilities: [] } })
  })
  await new Promise<void>((resolve) => server.listen(path(), resolve))
})
afterEach(async () => {
  client?.destroy()
  await new Promise((resolve) => server.close(resolve))
  rmSync(dir, { recursive: true, force: true })
})

const until = async (count: number): Promise<void> => {
  while (asked.length < count) await new Promise((resolve) => setTimeout(resolve, 5))
}

test('answers find their questions in any order, between events and cut lines', async () => {
  const qmp = await Qmp.connect(path(), limits)
  const events: string[] = []
  qmp.onEvent(({ event }) => events.push(event))
  const [one, two] = [qmp.execute('one', {}, limits), qmp.execute('two', { a: 1 }, limits)]
  await until(2)
  send({ return: 'second', id: asked[1]?.id })
  send({ event: 'STOP', timestamp: {} })
  const text = `${JSON.stringify({ return: 'first', id: asked[0]?.id })}\r\n`
  client?.write(text.slice(0, 9))
  client?.write(text.slice(9))
  expect(await Promise.all([one, two])).toEqual(['first', 'second'])
  expect(events).toEqual(['STOP'])
  qmp.close()
})

test('a refusal has the words of QEMU; a silence ends at its deadline; an end ends all', async () => {
  const qmp = await Qmp.connect(path(), limits)
  const refused = qmp.execute('bad', {}, limits)
  await until(1)
  send({ error: { class: 'GenericError', desc: 'no such thing' }, id: asked[0]?.id })
  await expect(refused).rejects.toMatchObject({ name: 'QmpError', message: 'no such thing' })
  await expect(qmp.execute('slow', {}, { ...limits, timeoutMs: 50 })).rejects.toMatchObject({
    name: 'DeadlineError',
  })
  const waiting = qmp.execute('never', {}, limits)
  await until(3)
  client?.destroy()
  await expect(waiting).rejects.toMatchObject({ name: 'QmpClosed' })
  await expect(qmp.execute('late', {}, limits)).rejects.toMatchObject({ name: 'QmpClosed' })
})

test('garbage ends the connection and nothing else', async () => {
  const qmp = await Qmp.connect(path(), limits)
  const ended = new Promise<void>((resolve) => qmp.onClosed(resolve))
  client?.write('{"return": \n')
  await ended
  expect(qmp.isOpen).toBe(false)
})

test('one that takes the connection and says nothing is given up', async () => {
  server.removeAllListeners('connection')
  server.on('connection', (socket) => (client = socket))
  await expect(Qmp.connect(path(), { ...limits, timeoutMs: 100 })).rejects.toMatchObject({
    name: 'DeadlineError',
  })
})

test('a forward that QEMU cannot make says which port; words of a person never reach the monitor', async () => {
  const qmp = await Qmp.connect(path(), limits)
  const rule = { protocol: 'tcp', address: '127.0.0.1', port: 8080, guestPort: 80 } as const
  const busy = addForward(qmp, rule, limits)
  await until(1)
  send({ return: 'could not set up host forwarding rule\r\n', id: asked[0]?.id })
  await expect(busy).rejects.toMatchObject({ code: 'port.in-use', facts: { port: 8080 } })
  await expect(addForward(qmp, { ...rule, address: '127.0.0.1 quit' }, limits)).rejects.toMatchObject({
    code: 'input.invalid',
  })
  expect(asked).toHaveLength(1)
  qmp.close()
})
