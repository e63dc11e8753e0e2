import { expect } from 'vitest'
import type { Client, ClientStream } from '../../src/shared/contract'
import { maxMessageBytes } from '../../src/shared/contract/wire'
import { maxRunning } from '../../src/main/core/api/serve-client'
import { codeOf, until, type Lab } from './lab'
import type { Fact } from './suite'

type Loose = {
  call(name: string, args: unknown): Promise<unknown>
  stream(name: string, args: unknown): ClientStream<unknown, unknown>
}
const loose = (client: Client): Loose => client
const next = (stream: ClientStream<unknown, unknown>): Promise<unknown> =>
  stream[Symbol.asyncIterator]().next()

const hostileNames = [
  'constructor',
  '__proto__',
  'prototype',
  'toString',
  'hasOwnProperty',
  'valueOf',
  'app.info.constructor',
  'app',
  ' app.info',
  'APP.INFO',
  'app.info\u0000',
  '../app.info',
]

/** Protocol breaks: each ends its own connection, and nobody else's. */
const breaks: readonly (readonly [what: string, messages: readonly unknown[]])[] = [
  ['nothing', [null]],
  ['a list', [[]]],
  ['no kind', [{ id: 1 }]],
  ['an unknown kind', [{ t: 'shutdown', id: 1 }]],
  ['a kind of core', [{ t: 'ok', id: 1, value: null }]],
  ['a hostile kind', [{ t: '__proto__', id: 1 }]],
  ['a negative id', [{ t: 'call', id: -1, name: 'app.info', args: {} }]],
  ['a broken id', [{ t: 'call', id: 1.5, name: 'app.info', args: {} }]],
  ['an id of text', [{ t: 'call', id: '1', name: 'app.info', args: {} }]],
  ['a name of 10 KB', [{ t: 'call', id: 1, name: 'x'.repeat(10_000), args: {} }]],
  ['no name', [{ t: 'call', id: 1, args: {} }]],
  ['an endless credit', [{ t: 'open', id: 1, name: 'containers.logs', args: {}, credit: 1e12 }]],
  [
    'an id in use',
    [
      { t: 'call', id: 1, name: 'engines.info', args: { engine: 'e' } },
      { t: 'call', id: 1, name: 'engines.info', args: { engine: 'e' } },
    ],
  ],
  [
    'input for a stream that takes none',
    [
      { t: 'open', id: 1, name: 'containers.logs', args: { engine: 'e', id: 'c' }, credit: 1000 },
      { t: 'in', id: 1, value: 'x' },
    ],
  ],
  [
    'more acknowledged than was sent',
    [
      { t: 'open', id: 1, name: 'containers.logs', args: { engine: 'e', id: 'c' }, credit: 1000 },
      { t: 'ack', id: 1, bytes: 1001 },
    ],
  ],
  ['a message of 9 MiB', [{ t: 'call', id: 1, name: 'settings.setUi', args: 'x'.repeat(9 * 1024 * 1024) }]],
]

/** Handlers that never end by themselves, so that ids stay in use. */
function hold(lab: Lab): void {
  lab.handlers['engines.info'] = (_args, signal) =>
    new Promise((_resolve, reject) => signal.addEventListener('abort', () => reject(new Error('stopped'))))
  lab.handlers['containers.logs'] = async function* (_args, { signal }) {
    await until(() => signal.aborted, 'the stream is aborted')
    yield* []
  }
  lab.handlers['registries.list'] = () => ({ registries: ['here'] })
}

export const hostileFacts: readonly Fact[] = [
  [
    'hostile names are unknown, as calls and as streams',
    async (lab) => {
      const client = loose(await lab.client())
      for (const name of hostileNames) {
        expect([name, await codeOf(client.call(name, {}))]).toEqual([name, 'call.unknown'])
        expect([name, await codeOf(next(client.stream(name, {})))]).toEqual([name, 'call.unknown'])
      }
      expect(await codeOf(client.call('containers.logs', {}))).toBe('call.unknown')
      expect(await codeOf(next(client.stream('app.info', {})))).toBe('call.unknown')
    },
  ],
  [
    'arguments cannot reach a prototype',
    async (lab) => {
      const client = loose(await lab.client())
      lab.handlers['settings.setUi'] = () => null
      const value: unknown = JSON.parse(
        '{"__proto__": {"polluted": true}, "constructor": {"prototype": {"polluted": true}}}',
      )
      await client.call('settings.setUi', { key: 'k', value })
      const labels = JSON.parse('{"__proto__": "x"}') as unknown
      await codeOf(client.call('volumes.create', { engine: 'e', name: '', labels }))
      expect(({} as { polluted?: boolean }).polluted).toBeUndefined()
    },
  ],
  ...breaks.map(([what, messages]): Fact => [
    `${what} ends that connection and no other`,
    async (lab) => {
      hold(lab)
      const other = await lab.client()
      const raw = await lab.road.connectRaw()
      for (const message of messages) raw.send(message)
      await raw.closed
      expect(await other.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
      expect(lab.bugs).toEqual([])
    },
  ]),
  [
    'input beyond what was wanted ends the connection',
    async (lab) => {
      let isOpen = false
      lab.handlers['images.load'] = async function* (_args, { signal }) {
        isOpen = true
        await until(() => signal.aborted, 'the stream is aborted')
        yield { kind: 'loaded', references: [] }
      }
      const raw = await lab.road.connectRaw()
      raw.send({ t: 'open', id: 1, name: 'images.load', args: { engine: 'e', name: 'x' }, credit: 1000 })
      await until(() => isOpen, 'the stream is open')
      // Small and right in themselves: what is wrong is only how many come.
      for (let n = 0; n < 20_000; n++) raw.send({ t: 'in', id: 1, value: { end: true } })
      await raw.closed
    },
  ],
  [
    'what is too large to send fails its own call, up and down',
    async (lab) => {
      hold(lab)
      lab.handlers['app.info'] = () => ({ version: 'x'.repeat(maxMessageBytes + 1) }) as never
      const client = await lab.client()
      const value = 'x'.repeat(maxMessageBytes)
      expect(await codeOf(client.call('settings.setUi', { key: 'k', value }))).toBe('stream.broken')
      expect(await codeOf(client.call('app.info', {}))).toBe('stream.broken')
      expect(await client.call('registries.list', { engine: 'e' })).toEqual({ registries: ['here'] })
    },
  ],
  [
    'too much at once is refused, and room comes back',
    async (lab) => {
      hold(lab)
      const client = await lab.client()
      const controllers = Array.from({ length: maxRunning }, () => new AbortController())
      const asked = controllers.map(({ signal }) =>
        codeOf(client.call('engines.info', { engine: 'e' }, signal)),
      )
      expect(await codeOf(client.call('registries.list', { engine: 'e' }))).toBe('input.invalid')
      for (const controller of controllers) controller.abort()
      await Promise.all(asked)
      const answers = async (): Promise<boolean> =>
        (await codeOf(client.call('registries.list', { engine: 'e' }))) === 'no error'
      let isBack = false
      while (!isBack) isBack = await answers()
    },
  ],
]
