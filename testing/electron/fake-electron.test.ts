import { expect, test, vi } from 'vitest'
import type * as Electron from 'electron'
import * as fake from './fake-electron'

test('a port clones what it carries and holds it until it is started', async () => {
  const { port1, port2 } = new fake.MessageChannelMain()
  const got: unknown[] = []
  port2.on('message', ({ data }: { data: unknown }) => got.push(data))
  port1.postMessage({ bytes: new Uint8Array([1]) })
  await Promise.resolve()
  expect(got).toEqual([])
  port2.start()
  await expect.poll(() => got).toEqual([{ bytes: new Uint8Array([1]) }])
  expect(() => port1.postMessage({ run: () => 1 })).toThrow()
})

test('closing one end closes the other', async () => {
  const { port1, port2 } = new fake.MessageChannelMain()
  const closed = new Promise((resolve) => port2.once('close', resolve))
  port1.close()
  await closed
})

test('quitting can be held back once', () => {
  fake.reset()
  fake.app.once('will-quit', (event: { preventDefault(): void }) => event.preventDefault())
  const quit = vi.fn()
  fake.app.on('quit', quit)
  fake.app.quit()
  expect(quit).not.toHaveBeenCalled()
  fake.app.quit()
  expect(quit).toHaveBeenCalledOnce()
})

test('every modelled name exists in Electron', () => {
  // A name that Electron drops stops compiling here.
  const names = [
    'app',
    'BrowserWindow',
    'dialog',
    'Menu',
    'MessageChannelMain',
    'Notification',
    'protocol',
    'screen',
    'session',
    'shell',
    'Tray',
    'utilityProcess',
  ] as const satisfies readonly (keyof typeof Electron)[]
  for (const name of names) expect(fake[name], name).toBeDefined()
})
