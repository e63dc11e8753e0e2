import { act as settle, cleanup, fireEvent, render, screen, waitFor, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { containerRow, snapshotOf } from '../../../../testing/window/rows'
import type { Args } from '../../../shared/contract'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { forgetInventory } from '../../store/inventory'
import { startStores } from '../../store/start'
import { RunPage } from './RunPage'

let core: FakeClient
let stop: () => void
let ran: Args<'containers.run'>[]
const user = userEvent.setup()

beforeEach(async () => {
  window.location.hash = '#/run'
  await setLanguage('en')
  ran = []
  core = new FakeClient({
    'containers.run': (args) => {
      ran.push(args)
      return { id: 'c1' as never, warnings: [] }
    },
    'ports.check': ({ port }) =>
      port === 8080
        ? { port, isFree: false, holder: 'container web', suggestion: 8081 }
        : { port, isFree: true, holder: '' },
  })
  forgetInventory()
  takeClient(core.client)
  stop = startStores()
  render(<RunPage />)
  await waitFor(() => core.stream('inventory.watch'))
  await settle(async () => {
    core.stream('inventory.watch').put(snapshotOf([containerRow('web')]))
    await Promise.resolve()
  })
  await screen.findByRole('form', { name: 'Run a container' })
})
afterEach(() => {
  stop()
  cleanup()
})

const command = (): HTMLTextAreaElement => screen.getByRole('textbox', { name: 'docker run' })
const paste = (text: string): void => void fireEvent.change(command(), { target: { value: text } })

test('what is typed in the form stands in the command', async () => {
  await user.type(screen.getByRole('combobox', { name: 'Image' }), 'nginx:1.27')
  // The list of suggestions closes with the field.
  await user.tab()
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'web2')
  expect(command().value.replace(/ \\\n\s+/g, ' ')).toBe('docker run -d --name web2 nginx:1.27')
})

test('a pasted command fills the form and what it cannot hold is said', () => {
  paste(
    'docker run -d --name api -e A=1 -p 127.0.0.1:9000:80 --gpus all --memory 512m redis:7 redis-server --save ""',
  )
  expect(screen.getByRole('combobox', { name: 'Image' })).toHaveProperty('value', 'redis:7')
  expect(screen.getAllByRole('textbox', { name: 'Name' })[0]).toHaveProperty('value', 'api')
  expect(screen.getByRole('textbox', { name: 'Memory limit' })).toHaveProperty('value', '512m')
  expect(screen.getByText(/--gpus is not supported here/)).toBeDefined()
})

test('a half-typed command leaves the form as it was', () => {
  paste('docker run redis:7')
  paste('dock')
  expect(screen.getByRole('combobox', { name: 'Image' })).toHaveProperty('value', 'redis:7')
})

test('nothing runs while a field is wrong, and the field says what is wrong', async () => {
  paste('docker run --name - Nginx')
  await user.click(screen.getByRole('button', { name: 'Run' }))
  expect(ran).toEqual([])
  expect(screen.getByText('Repository names are lower case')).toBeDefined()
})

test('an empty image is wrong only once Run was pressed', async () => {
  expect(screen.queryByText(/Give an image/)).toBeNull()
  await user.click(screen.getByRole('button', { name: 'Run' }))
  expect(screen.getByText(/Give an image/)).toBeDefined()
  expect(ran).toEqual([])
})

test('a busy port names its holder and offers the next free one', async () => {
  paste('docker run -p 8080:80 nginx')
  expect(await screen.findByText('Port 8080 is held by container web.')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Use 8081' }))
  expect(command().value).toContain('-p 8081:80')
  await waitFor(() => expect(screen.queryByText(/is held by/)).toBeNull())
})

test('a size that cannot be read stays as typed and stops the run', async () => {
  paste('docker run nginx')
  await user.type(screen.getByRole('textbox', { name: 'Memory limit' }), '5 apples')
  expect(screen.getByText('Give a size, like 512m or 2g')).toBeDefined()
  await user.click(screen.getByRole('button', { name: 'Run' }))
  expect(ran).toEqual([])
})

test('an env file adds its lines and says which one it could not take', async () => {
  paste('docker run -e A=0 nginx')
  const file = new File(['A=1\n# note\nB=two words\nLONELY\n'], 'app.env')
  // A simulated window has no dialog for files: this is what a person's choice there does.
  const asked = vi.spyOn(HTMLInputElement.prototype, 'click').mockImplementation(function (
    this: HTMLInputElement,
  ) {
    Object.defineProperty(this, 'files', { value: [file] })
    this.dispatchEvent(new Event('change'))
  })
  await user.click(screen.getByRole('button', { name: 'Read an env file…' }))
  asked.mockRestore()
  expect(await screen.findByText(/2 variables read from app.env/)).toBeDefined()
  expect(screen.getByText(/Line 4: LONELY has no value/)).toBeDefined()
  expect(command().value.replace(/ \\\n\s+/g, ' ')).toContain("-e A=1 -e 'B=two words'")
})

test('run sends the whole spec and opens the container', async () => {
  paste('docker run -d --name api -e A=1 redis:7')
  await user.click(screen.getByRole('button', { name: 'Run' }))
  await waitFor(() => expect(ran).toHaveLength(1))
  expect(ran[0]).toMatchObject({
    engine: 'local',
    start: true,
    spec: { image: 'redis:7', name: 'api', env: [{ name: 'A', value: '1' }] },
  })
})

test('a line that was added is typed into at once, and gives the focus back when it goes', async () => {
  const add = screen.getByRole('button', { name: 'Add: DNS servers' })
  await user.click(add)
  expect(document.activeElement).toBe(screen.getByRole('textbox', { name: 'DNS servers 1' }))
  await user.keyboard('1.1.1.1')
  expect(command().value).toContain('--dns 1.1.1.1')
  screen.getByRole('button', { name: 'Remove' }).focus()
  await user.keyboard('{Enter}')
  expect(screen.queryByRole('textbox', { name: 'DNS servers 1' })).toBeNull()
  expect(document.activeElement).toBe(add)
})

const leaveAndComeBack = async (search = ''): Promise<void> => {
  cleanup()
  history.replaceState(null, '', `/${search}`)
  render(<RunPage />)
  await screen.findByRole('form', { name: 'Run a container' })
}
const image = (): string => screen.getByRole<HTMLInputElement>('combobox', { name: 'Image' }).value

test.each(['docker run', '$ docker create', 'sudo docker container run', '$ sudo podman run'])(
  'a whole %s that is pasted takes the place of the command that stands there',
  async (start) => {
    await user.click(command())
    command().setSelectionRange(0, 0)
    await user.paste(`${start} -d --name web1 -p 8080:80 redis:7 redis-server`)
    expect(command().value).toBe(`${start} -d --name web1 -p 8080:80 redis:7 redis-server`)
    expect(image()).toBe('redis:7')
  },
)

test('a piece of a command is pasted where the caret is', async () => {
  paste('docker run nginx')
  await user.click(command())
  command().setSelectionRange(10, 10)
  await user.paste(' --name web')
  expect(command().value).toBe('docker run --name web nginx')
})

test('what was entered is there again when the person comes back, and is not on disk', async () => {
  paste('docker run -e TOKEN=secret nginx:1.27')
  await user.type(screen.getByRole('textbox', { name: 'Memory limit' }), '5 apples')
  await leaveAndComeBack()
  expect(image()).toBe('nginx:1.27')
  expect(command().value).toContain('TOKEN=secret')
  expect(screen.getByRole('textbox', { name: 'Memory limit' })).toHaveProperty('value', '5 apples')
  expect(JSON.stringify([Object.entries(localStorage), Object.entries(sessionStorage)])).not.toContain(
    'secret',
  )
})

test('a form for an image begins with it, and costs nothing that was entered before', async () => {
  paste('docker run nginx:1.27')
  await leaveAndComeBack('?image=redis:7')
  expect(image()).toBe('redis:7')
  await user.type(screen.getByRole('textbox', { name: 'Memory limit' }), '512m')
  await leaveAndComeBack()
  expect(image()).toBe('nginx:1.27')
})

test('starting over empties the form for good', async () => {
  expect(screen.queryByRole('button', { name: 'Start over' })).toBeNull()
  paste('docker run nginx:1.27')
  await user.click(screen.getByRole('button', { name: 'Start over' }))
  expect(image()).toBe('')
  await leaveAndComeBack()
  expect(image()).toBe('')
})

test('what was run is not kept', async () => {
  paste('docker run redis:7')
  await user.click(screen.getByRole('button', { name: 'Create only' }))
  await waitFor(() => expect(ran).toHaveLength(1))
  await waitFor(() => expect(window.location.pathname).toContain('/containers/'))
  await leaveAndComeBack()
  expect(image()).toBe('')
})

test('a line that was added and not filled is neither wrong nor run, and moves no problem of another', async () => {
  await user.click(screen.getByRole('button', { name: 'Run' }))
  await user.type(screen.getByRole('combobox', { name: 'Image' }), 'redis:7')
  await user.tab()
  const env = within(screen.getByRole('region', { name: 'Environment' }))
  await user.click(env.getByRole('button', { name: 'Add: Environment' }))
  await user.click(env.getByRole('button', { name: 'Add: Environment' }))
  await user.click(screen.getByRole('button', { name: 'Add: Network aliases' }))
  expect(document.querySelector('[aria-invalid="true"]')).toBeNull()
  expect(command().value).not.toContain('-e')
  const [, second] = env.getAllByRole('textbox', { name: 'Value' })
  if (second) await user.type(second, '1')
  expect(
    env.getAllByRole('textbox', { name: 'Name' }).map((name) => name.getAttribute('aria-invalid')),
  ).toEqual([null, 'true'])
  if (second) await user.clear(second)
  await user.click(screen.getByRole('button', { name: 'Run' }))
  await waitFor(() => expect(ran).toHaveLength(1))
  expect(ran[0]?.spec).toMatchObject({ env: [], networkAliases: [] })
})

test('the way out of a line stands beside its fields, outside of what a problem makes taller', () => {
  paste('docker run -p 80:80 -p 80:81 nginx')
  const [, problem] = document.querySelectorAll('.run-line')
  expect(problem?.querySelector('.run-line__fields .field__note--error')).not.toBeNull()
  expect(problem?.querySelector(':scope > .run-line__remove > button')).not.toBeNull()
})
