import { screen, waitFor } from '@testing-library/react'
import { expect, test } from 'vitest'
import { containerRow, localEngine, snapshotOf, taskRow } from '../../../../testing/window/rows'
import { typeCommand, user, WindowLab } from '../../../../testing/window/window-lab'

const lab = new WindowLab()

test('the palette goes to a page', async () => {
  await lab.open()
  await typeCommand('activ{Enter}')
  await waitFor(() => expect(window.location.hash).toBe('#/activity'))
  expect(await screen.findByRole('tab', { name: 'Engine events' })).toBeTruthy()
  expect(document.title).toBe('Activity – Slipway')
})

test('the palette stops a running container and starts a stopped one', async () => {
  lab.core.answers['containers.stop'] = () => null
  lab.core.answers['containers.start'] = () => null
  await lab.open()
  await typeCommand('web{Enter}')
  await user.click(await screen.findByRole('option', { name: 'Stop' }))
  expect(lab.core.asked('containers.stop')).toEqual([{ engine: localEngine, id: containerRow('web').id }])
  await typeCommand('db{Enter}')
  expect(screen.queryByRole('option', { name: 'Stop' })).toBeNull()
  await user.click(await screen.findByRole('option', { name: 'Start' }))
  expect(lab.core.asked('containers.start')).toEqual([{ engine: localEngine, id: containerRow('db').id }])
})

test('of equally near containers the palette names those that run first', async () => {
  const stopped = (name: string) => containerRow(name, { state: 'exited' })
  await lab.open(
    snapshotOf([stopped('app-a'), containerRow('app-b'), stopped('app-c'), containerRow('app-d')]),
  )
  await typeCommand('app-')
  const found = await screen.findAllByRole('option', { name: /app-[a-d]/ })
  expect(found.map((one) => /app-\w/.exec(one.textContent)?.[0])).toEqual([
    'app-b',
    'app-d',
    'app-a',
    'app-c',
  ])
})

test('the palette asks before it removes, and says that a running one is killed', async () => {
  lab.core.answers['containers.remove'] = () => null
  await lab.open()
  await typeCommand('web{Enter}')
  await user.click(await screen.findByRole('option', { name: 'Remove…' }))
  expect(await screen.findByText('1 is running and will be killed.')).toBeTruthy()
  expect(lab.core.asked('containers.remove')).toEqual([])
  await user.click(screen.getByRole('button', { name: 'Remove' }))
  expect(lab.core.asked('containers.remove')).toEqual([
    { engine: localEngine, id: containerRow('web').id, force: true, volumes: false },
  ])
})

test('a submenu of an object opens in the palette, and what is typed finds through it', async () => {
  lab.core.answers['containers.kill'] = () => null
  await lab.open()
  await typeCommand('web{Enter}')
  await user.click(await screen.findByRole('option', { name: 'Send a signal' }))
  expect(screen.queryByRole('option', { name: 'Stop' })).toBeNull()
  await screen.findByRole('option', { name: 'SIGTERM' })
  await user.keyboard('{Escape}')
  await screen.findByRole('option', { name: 'Stop' })
  await user.keyboard('sighup{Enter}')
  expect(lab.core.asked('containers.kill')).toEqual([
    { engine: localEngine, id: containerRow('web').id, signal: 'SIGHUP' },
  ])
  await typeCommand('signal web{Enter}')
  await screen.findByRole('option', { name: 'SIGUSR1' })
  await user.keyboard('{Escape}{Escape}')
})

test('a container is renamed from any page', async () => {
  lab.core.answers['containers.rename'] = () => null
  await lab.open()
  await typeCommand('rename web{Enter}')
  const field = await screen.findByLabelText('New name')
  await user.clear(field)
  await user.type(field, 'next{Enter}')
  await waitFor(() =>
    expect(lab.core.asked('containers.rename')).toEqual([
      { engine: localEngine, id: containerRow('web').id, name: 'next' },
    ]),
  )
  expect(window.location.hash).toBe('#/settings')
})

test('a Compose project is stopped as a whole', async () => {
  lab.core.answers['containers.stop'] = () => null
  await lab.open(
    snapshotOf([containerRow('web', { project: 'shop' }), containerRow('db', { project: 'shop' })]),
  )
  await typeCommand('stop shop{Enter}')
  expect(lab.core.asked('containers.stop')).toEqual([
    { engine: localEngine, id: containerRow('web').id },
    { engine: localEngine, id: containerRow('db').id },
  ])
})

test('Escape leaves the actions of an object first, then the palette', async () => {
  await lab.open()
  await typeCommand('web{Enter}')
  await screen.findByPlaceholderText('Actions for web')
  await user.keyboard('{Escape}')
  expect(await screen.findByPlaceholderText('Go to, find or do…')).toBeTruthy()
  await user.keyboard('{Escape}')
  await waitFor(() => expect(screen.queryByPlaceholderText('Go to, find or do…')).toBeNull())
})

test('what looks like an image can be pulled from the palette', async () => {
  lab.core.answers['images.pull'] = () => ({ task: taskRow('t').id })
  await lab.open()
  await typeCommand('ghcr.io/acme/app:1{Enter}')
  await waitFor(() =>
    expect(lab.core.asked('images.pull')).toEqual([{ engine: localEngine, reference: 'ghcr.io/acme/app:1' }]),
  )
})

const offered = () => screen.getAllByRole('option').map((one) => one.textContent)

test('a verb finds what it can be done to, and a pull of that name stands last', async () => {
  lab.core.answers['containers.stop'] = () => null
  await lab.open(
    snapshotOf([containerRow('web'), containerRow('logger'), containerRow('db', { state: 'exited' })]),
  )
  await typeCommand('stop')
  expect(offered().at(0)).toContain('Stop web')
  expect(offered().join()).not.toContain('Stop db')
  expect(offered().at(-1)).toContain('Pull “stop”')
  await user.keyboard(' logger')
  expect(offered()[0]).toContain('Stop logger')
  await user.keyboard('{Enter}')
  expect(lab.core.asked('containers.stop')).toEqual([{ engine: localEngine, id: containerRow('logger').id }])
  await typeCommand('logger stop')
  expect(offered()[0]).toContain('Stop logger')
  await user.keyboard('{Escape}')
})

test('Enter behind a bare verb that ends work asks once more whose, unless there is only one', async () => {
  lab.core.answers['containers.stop'] = () => null
  await lab.open(snapshotOf([containerRow('web'), containerRow('logger')]))
  await typeCommand('stop{Enter}')
  expect(await screen.findByPlaceholderText('Actions for web')).toBeTruthy()
  expect(lab.core.asked('containers.stop')).toEqual([])
  await user.keyboard('{Escape}{Escape}')
  lab.core.stream('inventory.watch').put(snapshotOf([containerRow('web')]))
  await typeCommand('stop{Enter}')
  await waitFor(() => expect(lab.core.asked('containers.stop')).toHaveLength(1))
})

test('chores of other pages and published ports are found', async () => {
  const ports = [{ protocol: 'tcp', containerPort: 80, hostPort: 8080 } as const]
  await lab.open(snapshotOf([containerRow('web', { ports }), containerRow('db')]))
  await typeCommand('8080')
  expect(offered()[0]).toContain('web')
  expect(offered().at(-1)).toContain('Pull')
  await user.keyboard('{Control>}a{/Control}add engine')
  expect(offered()[0]).toContain('Add an engine')
  await user.keyboard('{Control>}a{/Control}prune containers{Enter}')
  await screen.findByRole('dialog', { name: 'Remove stopped containers' })
  expect(window.location.hash).toBe('#/containers')
  await user.keyboard('{Escape}')
  await typeCommand('prune containers{Enter}')
  expect(await screen.findByRole('dialog', { name: 'Remove stopped containers' })).toBeTruthy()
  await user.keyboard('{Escape}')
})
