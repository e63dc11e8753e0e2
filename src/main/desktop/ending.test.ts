import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import * as fake from '../../../testing/electron/fake-electron'

vi.mock('electron', () => import('../../../testing/electron/fake-electron'))
const { start } = await import('./index')

beforeEach(() => {
  process.env['SLIPWAY_HOME'] = '/nonexistent/slipway-ending-test'
  fake.reset()
  vi.useFakeTimers()
})
afterEach(() => {
  // Nothing of an app may go on in the next one.
  fake.state.forks[0]?.emit('exit', 0)
  vi.useRealTimers()
  delete process.env['SLIPWAY_HOME']
})

/** An app whose core takes its time to end. */
async function quitting() {
  await start(() => Promise.resolve(true))
  const quit = vi.fn()
  fake.app.on('quit', quit)
  const window = fake.state.windows[0] as fake.BrowserWindow
  fake.app.emit('before-quit')
  window.close()
  fake.app.quit()
  return { core: fake.state.forks[0] as fake.FakeProcess, quit }
}

const said = (): readonly string[] => fake.state.notifications.map(({ options }) => options.title)
const menu = (): readonly fake.MenuEntry[] => fake.state.trays[0]?.menu?.template ?? []
const stopsAsked = ({ posted }: fake.FakeProcess): number =>
  posted.filter(({ message }) => (message as { kind: string }).kind === 'stop').length

test('what ends at once needs no words', async () => {
  const { core, quit } = await quitting()
  core.emit('exit', 0)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(said()).toEqual([])
  expect(quit).toHaveBeenCalledOnce()
})

test('what takes long is told, and can be ended from the tray', async () => {
  const { core, quit } = await quitting()
  await vi.advanceTimersByTimeAsync(2500)
  expect(said()).toEqual(['Slipway saves its machines…'])
  expect(menu().map(({ label }) => label)).toEqual(['Slipway saves its machines…', 'Quit now'])
  expect([core.isKilled, quit.mock.calls.length]).toEqual([false, 0])
  menu()[1]?.click?.()
  await vi.advanceTimersByTimeAsync(0)
  expect([core.isKilled, quit.mock.calls.length]).toEqual([true, 1])
  // It says nothing any more of an app that has gone.
  expect(said()).toEqual([])
})

test('a second quit ends it once it has been told why the first one waits', async () => {
  const { core, quit } = await quitting()
  fake.app.quit()
  expect(core.isKilled).toBe(false)
  await vi.advanceTimersByTimeAsync(2000)
  fake.app.quit()
  await vi.advanceTimersByTimeAsync(0)
  expect([core.isKilled, stopsAsked(core), quit.mock.calls.length]).toEqual([true, 1, 1])
})

test('an app that ends opens no window: it says again what it does', async () => {
  await quitting()
  for (const name of ['second-instance', 'activate']) {
    const [before] = fake.state.notifications
    fake.app.emit(name)
    expect(said()).toEqual(['Slipway saves its machines…'])
    expect(fake.state.notifications[0]).not.toBe(before)
  }
  expect(fake.state.windows).toHaveLength(1)
})

test('a click on the notification asks first', async () => {
  const { core } = await quitting()
  await vi.advanceTimersByTimeAsync(2000)
  fake.state.dialogAnswer = 1
  fake.state.notifications[0]?.emit('click')
  await vi.advanceTimersByTimeAsync(0)
  expect(core.isKilled).toBe(false)
  fake.state.dialogAnswer = 0
  fake.state.notifications[0]?.emit('click')
  await vi.advanceTimersByTimeAsync(0)
  expect(core.isKilled).toBe(true)
})

test('a core that hangs does not hold the app for long', async () => {
  const { core, quit } = await quitting()
  await vi.advanceTimersByTimeAsync(35_000)
  expect([core.isKilled, quit.mock.calls.length]).toEqual([true, 1])
})
