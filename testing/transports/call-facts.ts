import { expect } from 'vitest'
import { AppError } from '../../src/shared/errors'
import type { Settings } from '../../src/shared/model'
import { codeOf, until } from './lab'
import type { Fact } from './suite'

const remember = (key: string, value: unknown): ['settings.setUi', { key: string; value: unknown }] => [
  'settings.setUi',
  { key, value },
]

export const callFacts: readonly Fact[] = [
  [
    'a call gets its own answer among many',
    async (lab) => {
      lab.handlers['ports.check'] = ({ port }) => Promise.resolve({ port } as never)
      const client = await lab.client()
      const asked = Array.from({ length: 100 }, (_, port) =>
        client.call('ports.check', { engine: 'e', port }),
      )
      expect(
        (await Promise.all(asked)).map((answer) => (answer as unknown as { port: number }).port),
      ).toEqual(Array.from({ length: 100 }, (_, port) => port))
    },
  ],
  [
    'text of every kind arrives as it was written',
    async (lab) => {
      const seen: unknown[] = []
      lab.handlers['settings.setUi'] = ({ value }) => {
        seen.push(value)
        return null
      }
      const value = {
        text: 'a\u0000\u2028\u202e한국어 🚢"\\',
        list: [1, -0.5, null, true],
        deep: { a: { b: [] } },
      }
      await (await lab.client()).call(...remember('k', value))
      expect(seen).toEqual([value])
    },
  ],
  [
    'an error arrives with its code and facts',
    async (lab) => {
      lab.handlers['app.info'] = () => {
        throw new AppError('port.in-use', 'Taken', { facts: { port: 80, holder: 'web' } })
      }
      const failed = await (await lab.client()).call('app.info', {}).catch((error: unknown) => error)
      expect(failed).toBeInstanceOf(AppError)
      expect(failed).toMatchObject({
        code: 'port.in-use',
        message: 'Taken',
        facts: { port: 80, holder: 'web' },
      })
      expect(lab.bugs).toEqual([])
    },
  ],
  [
    'a bug is reported to core and hidden from the client',
    async (lab) => {
      lab.handlers['app.info'] = () => Promise.reject(new TypeError('password=hunter2'))
      const failed = await (
        await lab.client()
      )
        .call('app.info', {})
        .catch((error: unknown) => error as AppError)
      expect(failed).toMatchObject({ code: 'bug' })
      expect(JSON.stringify(failed)).not.toContain('hunter2')
      expect(lab.bugs).toHaveLength(1)
    },
  ],
  [
    'wrong arguments are refused with their path, and without what was in them',
    async (lab) => {
      const client = await lab.client()
      const wrong = { engine: 'e', port: 'hunter2' as unknown as number }
      const failed = await client.call('ports.check', wrong).catch((error: unknown) => error as AppError)
      expect(failed).toMatchObject({
        code: 'input.invalid',
        facts: { path: 'port', problem: 'expected number' },
      })
      expect((failed as AppError).message).not.toContain('hunter2')
    },
  ],
  [
    'a cancelled call rejects at once and its handler is told',
    async (lab) => {
      let told = false
      lab.handlers['engines.info'] = (_args, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            told = true
            reject(new Error('stopped'))
          })
        })
      const client = await lab.client()
      const controller = new AbortController()
      const asked = client.call('engines.info', { engine: 'e' }, controller.signal)
      controller.abort()
      expect(await codeOf(asked)).toBe('cancelled')
      expect(await codeOf(client.call('app.info', {}, controller.signal))).toBe('cancelled')
      await until(() => told, 'the handler was told')
      expect(lab.bugs).toEqual([])
    },
  ],
  [
    'a client that goes aborts what it had running, and only that',
    async (lab) => {
      const aborted: number[] = []
      lab.handlers['ports.check'] = ({ port }, signal) =>
        new Promise((_resolve, reject) => {
          signal.addEventListener('abort', () => {
            aborted.push(port)
            reject(new Error('stopped'))
          })
          if (port === 3) running = true
        })
      let running = false
      const [going, staying] = [await lab.client(), await lab.client()]
      const lost = [1, 2].map((port) => codeOf(going.call('ports.check', { engine: 'e', port })))
      const kept = codeOf(staying.call('ports.check', { engine: 'e', port: 3 }))
      await until(() => running, 'all were asked')
      await codeOf(going.call('app.info', {}))
      going.close()
      expect(await Promise.all(lost)).toEqual(['core.gone', 'core.gone'])
      expect(await codeOf(going.call('app.info', {}))).toBe('core.gone')
      await until(() => aborted.length === 2, 'both were aborted')
      expect(new Set(aborted)).toEqual(new Set([1, 2]))
      staying.close()
      expect(await kept).toBe('core.gone')
      await until(() => aborted.length === 3, 'the last was aborted')
    },
  ],
  [
    'a client hears once that its connection ended, even when it asks late',
    async (lab) => {
      const client = await lab.client()
      let heard = 0
      client.onClose(() => void heard++)
      client.close()
      await until(() => heard === 1, 'it was heard')
      client.onClose(() => void heard++)
      await until(() => heard === 2, 'it was heard late')
    },
  ],
  [
    'a push reaches every client that listens',
    async (lab) => {
      lab.handlers['app.info'] = () => ({ version: '1' }) as never
      const heard: string[] = []
      for (const client of [await lab.client(), await lab.client()]) {
        client.onPush('window.navigate', ({ path }) => void heard.push(path))
        const forget = client.onPush('settings.changed', (value: Settings) => void heard.push(value.theme))
        forget()
        await client.call('app.info', {})
      }
      lab.pushes.emit({ name: 'settings.changed', value: { theme: 'dark' } })
      lab.pushes.emit({ name: 'window.navigate', value: { path: '/images' } })
      await until(() => heard.length >= 2, 'both heard')
      expect(heard).toEqual(['/images', '/images'])
    },
  ],
]
