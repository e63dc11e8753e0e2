import { act, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { engineRow, snapshotOf } from '../../../../testing/window/rows'
import { AppError } from '../../../shared/errors'
import { emptyRunSpec, type Engine, type EngineId } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { applyInventory, forgetInventory } from '../../store/inventory'
import { toastStore } from '../../store/toasts'
import { forgetVisits } from '../../store/visit'
import { RunPage } from './RunPage'

const user = userEvent.setup()
const local = engineRow()
const lab = engineRow({ id: 'lab' as EngineId, name: 'Lab' })
const away = (engine: Engine): Engine => ({ ...engine, state: { kind: 'connecting', sinceMs: 0 } })
const made = { id: 'c1' as never, warnings: [] }

let core: FakeClient
beforeEach(async () => {
  await setLanguage('en')
  core = new FakeClient({ 'containers.run': () => made })
  takeClient(core.client)
})
afterEach(() => {
  cleanup()
  forgetVisits()
  forgetInventory()
  history.replaceState(null, '', '/')
})

const engines = (...rows: Engine[]): void => act(() => void applyInventory(snapshotOf([], rows)))
const open = (search = ''): void => {
  cleanup()
  history.replaceState(null, '', `/run${search}`)
  render(<RunPage />)
}
const paste = (text: string): void =>
  void fireEvent.change(screen.getByRole('textbox', { name: 'docker run' }), { target: { value: text } })
const image = (): string => screen.getByRole<HTMLInputElement>('combobox', { name: 'Image' }).value
const button = (name: string): HTMLButtonElement => screen.getByRole('button', { name })

/** An answer that the test gives when it is time. */
function later<T>() {
  let give: (value: T) => void = () => undefined
  const promise = new Promise<T>((resolve) => (give = resolve))
  return {
    promise,
    give: (value: T) =>
      act(async () => {
        give(value)
        await promise
      }),
  }
}

test('a form stays on its engine: while that is away nothing runs, and only the person moves it', async () => {
  engines(local, lab)
  open('?engine=lab&image=redis:7')
  await user.type(screen.getByRole('textbox', { name: 'Memory limit' }), '512m')
  engines(local, away(lab))
  expect(screen.getByRole('alert').textContent).toMatch(/^Lab is not running now/)
  expect([button('Run').disabled, button('Create only').disabled]).toEqual([true, true])
  fireEvent.submit(screen.getByRole('form'))
  engines()
  expect(screen.getByRole('textbox', { name: 'Memory limit' })).toHaveProperty('value', '512m')
  engines(local)
  expect(core.asked('containers.run')).toEqual([])
  await user.click(screen.getByRole('combobox', { name: 'Engine' }))
  await user.click(await screen.findByRole('option', { name: 'Local' }))
  await user.click(button('Run'))
  await waitFor(() => expect(core.asked('containers.run')).toMatchObject([{ engine: 'local' }]))
})

test('an engine that was asked for and does not run is named', () => {
  engines(local, away(lab))
  open('?engine=lab')
  expect(screen.getByRole('alert').textContent).toMatch(/^Lab is not running now/)
})

test('who went elsewhere while it was run stays there, and is told', async () => {
  const run = later<typeof made>()
  core.answers['containers.run'] = () => run.promise
  engines(local)
  open()
  paste('docker run --name cache redis:7')
  await user.click(button('Run'))
  cleanup()
  history.replaceState(null, '', '/images')
  await run.give(made)
  await waitFor(() => expect(toastStore.getState().toasts).toHaveLength(1))
  expect(window.location.pathname).toBe('/images')
  const [toast] = toastStore.getState().toasts
  expect(toast?.title).toBe('cache is running')
  act(() => toast?.action?.onSelect())
  expect(window.location.pathname).toBe('/containers/local/c1/logs')
  open()
  expect(image()).toBe('')
})

test('who comes back while it is run finds the form busy, and then the container', async () => {
  const run = later<typeof made>()
  core.answers['containers.run'] = () => run.promise
  core.answers['containers.spec'] = () => ({ spec: emptyRunSpec('redis:7'), flags: [], networks: [] })
  engines(local)
  open('?engine=local&like=c0')
  await screen.findByRole('form')
  await user.click(button('Run'))
  open()
  expect(image()).toBe('redis:7')
  expect(button('Run').getAttribute('aria-busy')).toBe('true')
  fireEvent.submit(screen.getByRole('form'))
  await run.give(made)
  await waitFor(() => expect(window.location.pathname).toBe('/containers/local/c1/logs'))
  expect(core.asked('containers.run')).toHaveLength(1)
  expect(toastStore.getState().toasts).toEqual([])
})

test('a spec that cannot be read is told; it can be asked for again, or the form begun empty', async () => {
  core.answers['containers.spec'] = () => {
    throw new AppError('engine.unreachable', 'Nobody answers')
  }
  engines(local)
  // Without an engine the one that runs is asked.
  open('?like=c0')
  expect(await screen.findByText('The container’s settings could not be read')).toBeDefined()
  await user.click(button('Start with an empty form'))
  expect(image()).toBe('')
  open('?engine=local&like=c0')
  await screen.findByRole('alert')
  core.answers['containers.spec'] = () => ({
    spec: { ...emptyRunSpec('redis:7'), name: 'cache' },
    ...{ flags: [['--pids-limit', '9']], networks: [] },
  })
  await user.click(button('Try again'))
  await screen.findByRole('form')
  expect([image(), screen.getByRole('textbox', { name: 'Name' })]).toMatchObject(['redis:7', { value: '' }])
  // What the form has no field for.
  expect(screen.getByRole('status').textContent).toContain('--pids-limit')
})

test('a free port that is told late costs no edit of meanwhile, and that nobody can tell is said', async () => {
  const check = later<{ port: number; isFree: boolean; holder: string }>()
  core.answers['ports.check'] = ({ port }) =>
    port === 8080 ? check.promise : { port, isFree: true, holder: '' }
  engines(local)
  open('?engine=local&image=nginx')
  const ports = within(screen.getByRole('region', { name: 'Ports' }))
  await user.click(ports.getByRole('button', { name: 'Add: Ports' }))
  await user.click(ports.getByRole('button', { name: /free port/ }))
  await user.type(ports.getByRole('textbox', { name: 'Host address' }), '127.0.0.1')
  await check.give({ port: 8080, isFree: true, holder: '' })
  const command = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'docker run' })
  await waitFor(() => expect(command.value).toContain('-p 127.0.0.1:8080:80'))
  core.answers['ports.check'] = () => {
    throw new AppError('engine.unreachable', 'Nobody answers')
  }
  paste('docker run -p 80 nginx')
  await user.click(ports.getByRole('button', { name: /free port/ }))
  await waitFor(() => expect(toastStore.getState().toasts).toHaveLength(1))
})

test('an env file that is read late costs no edit of meanwhile, and one that cannot be read is told', async () => {
  const text = later<string>()
  const file = Object.assign(new File([], 'app.env'), { text: () => text.promise })
  const choose = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (
    this: HTMLInputElement,
  ) {
    Object.defineProperty(this, 'files', { value: [file] })
    this.dispatchEvent(new Event('change'))
  })
  engines(local)
  open('?engine=local&image=nginx')
  fireEvent.click(button('Read an env file…'))
  paste('docker run -e B=2 nginx')
  await text.give('A=1\n')
  const command = screen.getByRole<HTMLTextAreaElement>('textbox', { name: 'docker run' })
  await waitFor(() => expect(command.value.replace(/ \\\n\s+/g, ' ')).toContain('-e B=2 -e A=1'))
  file.text = () => Promise.reject(new Error('gone'))
  fireEvent.click(button('Read an env file…'))
  choose.mockRestore()
  await waitFor(() =>
    expect(toastStore.getState().toasts.map(({ title }) => title)).toEqual(['app.env could not be read']),
  )
})

test('a size that cannot be read moves with its line, and stops no run once that is gone', async () => {
  engines(local)
  open('?engine=local&image=nginx')
  paste('docker run --tmpfs /a --tmpfs /b nginx')
  const mounts = within(screen.getByRole('region', { name: 'Mounts' }))
  const sizes = (): HTMLElement[] => mounts.getAllByRole('textbox', { name: 'Size' })
  for (const size of sizes()) await user.type(size, 'much')
  const [remove] = mounts.getAllByRole('button', { name: 'Remove' })
  if (remove) await user.click(remove)
  expect(sizes()).toMatchObject([{ value: 'much' }])
  await user.click(mounts.getByRole('button', { name: 'Remove' }))
  await user.click(button('Run'))
  await waitFor(() => expect(core.asked('containers.run')).toHaveLength(1))
})

test('a whole command leaves nothing unread of before', async () => {
  engines(local)
  open('?engine=local&image=nginx')
  await user.type(screen.getByRole('textbox', { name: 'Memory limit' }), '5 apples')
  paste('docker run redis:7')
  expect(screen.getByRole('textbox', { name: 'Memory limit' })).toHaveProperty('value', '')
  await user.click(button('Run'))
  await waitFor(() => expect(core.asked('containers.run')).toHaveLength(1))
})
