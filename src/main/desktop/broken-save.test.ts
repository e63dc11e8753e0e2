import { EventEmitter } from 'node:events'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as fake from '../../../testing/electron/fake-electron'
import type { ClientMessage } from '../../shared/contract/wire'

vi.mock('electron', () => import('../../../testing/electron/fake-electron'))
const { start } = await import('./index')

beforeEach(() => {
  process.env['SLIPWAY_HOME'] = '/nonexistent/slipway-broken-save-test'
  fake.reset()
})
afterEach(() => {
  delete process.env['SLIPWAY_HOME']
})

/** The app, with a core that has these tasks and breaks off each download with this code. */
async function launch(code: string, tasks: readonly unknown[] = []) {
  const asked: string[] = []
  const serve = (port: fake.MessagePortMain): void => {
    port.on('message', ({ data }: { data: ClientMessage }) => {
      if (data.t !== 'open') return
      asked.push(data.name)
      if (data.name === 'activity.watch')
        port.postMessage({ t: 'data', id: data.id, value: { kind: 'all', tasks, events: [] } })
      if (data.name !== 'downloads.read') return
      port.postMessage({ t: 'data', id: data.id, value: { kind: 'head', name: 'a&b.tar' } })
      port.postMessage({ t: 'err', id: data.id, error: { code, message: '', facts: {} } })
    })
    port.start()
  }
  const spy = vi.spyOn(fake.utilityProcess, 'fork').mockImplementation((path) => {
    const child = new fake.FakeProcess(path)
    child.on('posted', (_message: unknown, ports: fake.MessagePortMain[]) => ports.forEach(serve))
    return child
  })
  await start(() => Promise.resolve(true))
  spy.mockRestore()
  return { asked, window: fake.state.windows[0] as fake.BrowserWindow }
}

/** A save of which not all comes. */
async function save(): Promise<void> {
  const url = 'slipway://app/download/abc'
  const item = Object.assign(new EventEmitter(), {
    getFilename: () => 'a&b.tar',
    getURL: () => url,
    cancel: vi.fn(),
  })
  fake.session.defaultSession.emit('will-download', {}, item)
  const response = await fake.state.handlers.get('slipway')?.(new Request(url))
  await expect(response?.text()).rejects.toThrow()
  item.emit('updated', {}, 'interrupted')
  expect(item.cancel).toHaveBeenCalledOnce()
}

const told = (): readonly string[] => fake.state.notifications.map(({ options }) => options.title)
const failed = { kind: 'images.save', state: 'failed', endedAtMs: Date.now() }

test('what is cancelled in Activity is not told', async () => {
  const { window } = await launch('cancelled')
  window.hide()
  await save()
  await Promise.resolve()
  expect(told()).toEqual([])
})

test('a save that breaks off is told by the system to who does not look at the window', async () => {
  const { window } = await launch('engine.unreachable', [failed])
  window.hide()
  await save()
  await expect.poll(told).toEqual(['a&b.tar was not saved'])
})

test('who looks at the window reads it there, and there alone', async () => {
  const { asked } = await launch('engine.unreachable', [failed])
  await save()
  await expect.poll(() => asked).toContain('activity.watch')
  // Its answer has come by then.
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(told()).toEqual([])
})

test('what does not stand in Activity is told by the system in any case', async () => {
  await launch('engine.unreachable', [{ ...failed, endedAtMs: failed.endedAtMs - 60_000 }])
  await save()
  await expect.poll(told).toEqual(['a&b.tar was not saved'])
})

test('what this computer breaks off is told by the system in any case: the window does not know of it', async () => {
  const { asked } = await launch('engine.unreachable', [failed])
  const item = Object.assign(new EventEmitter(), { getFilename: () => 'b.tar', getURL: () => 'slipway://b' })
  fake.session.defaultSession.emit('will-download', {}, item)
  item.emit('done', {}, 'interrupted')
  await expect.poll(told).toEqual(['b.tar was not saved'])
  expect(asked).not.toContain('activity.watch')
})
