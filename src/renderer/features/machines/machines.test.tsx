import { act as settle, cleanup, render, screen, within } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import type { ReactNode } from 'react'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { FakeClient } from '../../../../testing/window/fake-client'
import { AppError } from '../../../shared/errors'
import type { Machine } from '../../../shared/model'
import { takeClient } from '../../api'
import { setLanguage } from '../../i18n'
import { machinesStore, takeMachines } from '../../store/machines'
import { setUi } from '../../store/ui'
import { MachineOnboarding } from './create/Onboarding'
import { MachinesPage } from './list/MachinesPage'
import { MachinePage } from './page/MachinePage'
import { revertEdits } from './settings/kept-edits'
import { sampleMachine, sampleProposal, sampleSettings } from './sample-machines'

let core: FakeClient
const user = userEvent.setup()

beforeEach(() => {
  core = new FakeClient({
    'settings.setUi': () => null,
    'machines.propose': () => sampleProposal(),
    'machines.start': () => null,
    'machines.stop': () => null,
  })
  takeClient(core.client)
  machinesStore.setState({ machines: [], isKnown: false })
  setUi('machines.layout', undefined)
})
afterEach(async () => {
  cleanup()
  revertEdits('vm' as Machine['id'])
  await setLanguage('en')
})

function open(page: ReactNode, path = '/machines') {
  const location = memoryLocation({ path, record: true })
  render(
    <Router hook={location.hook} searchHook={location.searchHook}>
      {page}
    </Router>,
  )
  return location
}

const list = (machines: readonly Machine[]) => {
  takeMachines(machines)
  return open(<MachinesPage />)
}
const page = (machine: Machine, tab?: string) => {
  takeMachines([machine])
  return open(<MachinePage id={machine.id} tab={tab} />, `/machines/${machine.id}`)
}
const row = (name: string): HTMLElement => {
  const found = screen.getAllByRole('row').find((one) => within(one).queryByText(name, { selector: 'bdi' }))
  if (!found) throw new Error(`No row ${name}`)
  return found
}
const button = (name: string): HTMLElement => screen.getByRole('button', { name })

test('each state has words, emulation is said plainly, and a stage of the start too', () => {
  list([
    sampleMachine({ name: 'a', accelerator: { name: 'tcg', isEmulated: true } }),
    sampleMachine({ name: 'b', state: { kind: 'stopped', isSuspended: true, sinceMs: 0 } }),
    sampleMachine({ name: 'c', state: { kind: 'starting', stage: 'engine', sinceMs: 0 } }),
    sampleMachine({
      name: 'd',
      state: { kind: 'degraded', sinceMs: 0, reasons: [{ kind: 'disk-full', freeBytes: 1 }] },
    }),
  ])
  expect(within(row('a')).getByText('Emulated: slow')).toBeTruthy()
  expect(within(row('b')).getByText('Suspended')).toBeTruthy()
  expect(within(row('c')).getByText('Starting: Waiting for the engine')).toBeTruthy()
  expect(within(row('d')).getByText('Running, but its disk is full')).toBeTruthy()
})

test('a row says what was asked until the answer, then what is true', async () => {
  let answer = (): void => undefined
  core.answers['machines.stop'] = () => new Promise((resolve) => (answer = () => resolve(null)))
  list([sampleMachine()])
  await user.click(within(row('vm')).getByRole('button', { name: 'Suspend' }))
  expect(within(row('vm')).getByText('Suspending…')).toBeTruthy()
  expect(core.asked('machines.stop')).toEqual([{ machine: 'vm', how: 'suspend' }])
  await settle(async () => {
    answer()
    await Promise.resolve()
  })
  expect(within(row('vm')).queryByText('Suspending…')).toBeNull()
})

test('shutting down is asked for, and a start can be given up without a question', async () => {
  list([
    sampleMachine(),
    sampleMachine({ name: 'x', state: { kind: 'starting', stage: 'kernel', sinceMs: 0 } }),
  ])
  await user.click(within(row('vm')).getByRole('button', { name: 'Shut down' }))
  expect(core.asked('machines.stop')).toEqual([])
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Shut down' }))
  await user.click(within(row('x')).getByRole('button', { name: 'Cancel the start' }))
  expect(core.asked('machines.stop')).toEqual([
    { machine: 'vm', how: 'shutdown' },
    { machine: 'x', how: 'kill' },
  ])
})

test('a failed start tells the cause, the lines that matter, and starts afresh by one button', async () => {
  const lines = ['slipway: fault engine-exited 1 dockerd']
  page(
    sampleMachine({
      state: {
        kind: 'failed',
        stage: 'engine',
        cause: { code: 'machine.boot-timeout', message: '', facts: { stage: 'engine' } },
        lines,
        sinceMs: 90_000,
      },
      boots: [
        {
          startedAt: 0,
          way: 'cold',
          outcome: 'failed',
          stages: [{ name: 'engine', startedMs: 30_000, deadlineMs: 60_000 }],
        },
      ],
    }),
  )
  expect(screen.getByText('The machine did not start in time.')).toBeTruthy()
  expect(screen.getByText(lines[0] ?? '')).toBeTruthy()
  expect(screen.getByText('failed after 1 min')).toBeTruthy()
  await user.click(button('Start afresh, without the saved state'))
  expect(core.asked('machines.start')).toEqual([{ machine: 'vm', cold: true }])
})

test('a start that was begun once more says where the first one fell over, and why', () => {
  const error = { code: 'machine.crashed', message: '', facts: { detail: 'int3' } } as const
  page(
    sampleMachine({
      boots: [
        {
          startedAt: 0,
          way: 'cold',
          outcome: 'running',
          stages: [{ name: 'process', startedMs: 9_000, endedMs: 9_500, deadlineMs: 20_000 }],
          secondTry: { stage: 'init', error },
        },
      ],
    }),
  )
  expect(screen.getByText(/fell over at “Starting the system” and was started once more/)).toBeTruthy()
  expect(screen.getByText('First try: The machine’s kernel crashed')).toBeTruthy()
})

test('the link at the usual place is made on wish; where only root may, the command is shown', async () => {
  const path = '/var/run/docker.sock'
  const facts = { path, reason: 'EACCES', command: `sudo ln -s /run/s ${path}` }
  let mayWrite = false
  core.answers['machines.setDefaultSocket'] = () => {
    if (!mayWrite) throw new AppError('file.failed', 'no', { facts })
    return null
  }
  page(sampleMachine())
  const link = screen.getByRole('switch', { name: `Link at ${path}` })
  await user.click(link)
  expect(core.asked('machines.setDefaultSocket')).toEqual([{ machine: 'vm', exists: true }])
  expect(await screen.findByText(facts.command)).toBeTruthy()
  mayWrite = true
  await user.click(button('Look again'))
  expect(core.asked('machines.setDefaultSocket')).toHaveLength(2)
  expect(screen.queryByText(facts.command)).toBeNull()
})

test('what another tool has put at the usual place cannot be switched', () => {
  page(sampleMachine({ defaultSocket: { path: '/var/run/docker.sock', state: 'foreign' } }))
  const link = screen.getByRole('switch', { name: 'Link at /var/run/docker.sock' })
  expect(link.hasAttribute('disabled') || link.getAttribute('aria-disabled') === 'true').toBe(true)
  expect(screen.getByText(/Slipway never replaces it/)).toBeTruthy()
})

test('a reset lists what goes, and happens only with the name', async () => {
  core.answers['machines.reset'] = () => null
  core.answers['machines.deletePlan'] = () => ({
    items: [
      { what: 'disk', path: '/d/data.raw', bytes: 6_000_000_000 },
      { what: 'settings', path: '/d/machine.json', bytes: 100 },
    ],
    containers: 4,
    images: 1,
    volumes: 0,
  })
  page(sampleMachine(), 'reset')
  await user.click(button('Reset…'))
  const dialog = screen.getByRole('dialog')
  expect(await within(dialog).findByText('/d/data.raw')).toBeTruthy()
  expect(within(dialog).queryByText('/d/machine.json')).toBeNull()
  expect(within(dialog).getByText('In it are 4 containers, 1 image and 0 volumes.')).toBeTruthy()
  const field = within(dialog).getByLabelText('Type vm to confirm')
  await user.type(field, 'VM{Enter}')
  expect(core.asked('machines.reset')).toEqual([])
  await user.clear(field)
  await user.type(field, 'vm{Enter}')
  expect(core.asked('machines.reset')).toEqual([{ machine: 'vm', typedName: 'vm' }])
})

test('settings send just what changed, and what is wrong is told in its field', async () => {
  core.answers['machines.edit'] = () => ({ needsRestart: true })
  page(sampleMachine(), 'settings')
  const cpus = await screen.findByLabelText('CPUs')
  await user.clear(cpus)
  expect(screen.getByText('A whole number from 1 to 256')).toBeTruthy()
  expect(button('Save')).toHaveProperty('disabled', true)
  await user.type(cpus, '3')
  await user.click(button('Save'))
  expect(core.asked('machines.edit')).toEqual([{ machine: 'vm', settings: { cpus: 3 } }])
})

test('opening ports to other computers is agreed to first', async () => {
  page(sampleMachine(), 'settings')
  const lan = screen.getByRole('switch', { name: 'Published ports can be reached by other computers' })
  await user.click(lan)
  expect(lan.getAttribute('aria-checked')).toBe('false')
  await user.click(within(screen.getByRole('dialog')).getByRole('button', { name: 'Allow it' }))
  expect(lan.getAttribute('aria-checked')).toBe('true')
  expect(core.asked('machines.edit')).toEqual([])
})

test('what the engine says of a daemon.json stands under it', async () => {
  core.answers['machines.checkDaemonJson'] = () => ({ problems: ['unknown key "foo"'] })
  page(sampleMachine(), 'settings')
  const field = screen.getByLabelText('daemon.json')
  await user.clear(field)
  await user.type(field, '{{"foo": 1}')
  await user.click(button('Check'))
  expect(await screen.findByText('unknown key "foo"')).toBeTruthy()
  expect(core.asked('machines.checkDaemonJson')).toEqual([{ machine: 'vm', daemonJson: '{"foo": 1}' }])
})

test('the wizard makes what it proposed, shows it and starts it', async () => {
  core.answers['machines.create'] = ({ settings }) => ({ machine: settings.name as Machine['id'] })
  takeMachines([sampleMachine()])
  const location = open(<MachinesPage />, '/machines?new=')
  // The proposed name is taken here: the next one is offered.
  await user.type(await screen.findByDisplayValue('vm-2'), '{Enter}')
  expect(screen.getByLabelText('CPUs')).toBe(document.activeElement)
  for (const step of ['Next', 'Next', 'Create and start']) await user.click(button(step))
  expect(core.asked('machines.create')).toEqual([{ settings: sampleSettings({ name: 'vm-2' }) }])
  expect(core.asked('machines.start')).toEqual([{ machine: 'vm-2' }])
  expect(location.history.at(-1)).toBe('/machines/vm-2')
})

test('with nothing here a machine is proposed with what it takes, and made by one button', async () => {
  core.answers['machines.create'] = () => ({ machine: 'vm' as Machine['id'] })
  takeMachines([])
  open(<MachineOnboarding />)
  expect(await screen.findByText(/Up to 2 GiB; what it does not use/)).toBeTruthy()
  expect(screen.getByText(/every instruction is emulated/)).toBeTruthy()
  await user.click(button('Create and start'))
  expect(core.asked('machines.create')).toEqual([{ settings: sampleSettings() }])
  expect(core.asked('machines.start')).toEqual([{ machine: 'vm' }])
})

test('without a hypervisor the command that brings one is shown instead', async () => {
  core.answers['machines.propose'] = () =>
    sampleProposal({
      backends: [{ backend: 'qemu', isAvailable: false, mend: 'sudo apt-get install qemu-system-x86' }],
    })
  takeMachines([])
  open(<MachineOnboarding />)
  expect(await screen.findByText('sudo apt-get install qemu-system-x86')).toBeTruthy()
  expect(screen.queryByRole('button', { name: 'Create and start' })).toBeNull()
})

test('hostile names and paths are text', () => {
  const path = '/srv/<img src=x onerror=alert(1)>\u202Egnp'
  page(sampleMachine({ settings: { shares: [{ path, isReadOnly: false }] } }), 'shares')
  expect(document.querySelector('img')).toBeNull()
  expect(screen.getByText(path).tagName).toBe('BDI')
})

test('all of it speaks Korean at once', async () => {
  list([sampleMachine()])
  await settle(() => setLanguage('ko'))
  expect(screen.getByRole('heading', { name: '머신' })).toBeTruthy()
  expect(within(row('vm')).getByText('실행 중')).toBeTruthy()
})
