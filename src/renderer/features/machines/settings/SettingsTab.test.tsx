import { act as settle, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { FakeClient } from '../../../../../testing/window/fake-client'
import { AppError } from '../../../../shared/errors'
import type { Machine, MachineSettings } from '../../../../shared/model'
import { takeClient } from '../../../api'
import { machinesStore, takeMachines } from '../../../store/machines'
import { sampleMachine, sampleProposal } from '../sample-machines'
import { revertEdits } from './kept-edits'
import { SettingsTab } from './SettingsTab'

const user = userEvent.setup()
const home = '/home/ann'
let core: FakeClient

beforeEach(() => {
  core = new FakeClient({ 'machines.propose': () => sampleProposal() })
  takeClient(core.client)
})
afterEach(() => {
  revertEdits('vm' as Machine['id'])
  machinesStore.setState({ machines: [], isKnown: false })
})

/** Returns the way to another tab. */
async function open(settings: Partial<MachineSettings> = {}): Promise<() => void> {
  const machine = sampleMachine({ settings })
  takeMachines([machine])
  const { unmount } = render(<SettingsTab machine={machine} />)
  await screen.findByText(`Share my home folder, ${home}`)
  return unmount
}
const cpus = (): HTMLInputElement => screen.getByLabelText('CPUs')
const save = (): HTMLElement => screen.getByRole('button', { name: 'Save' })
const line = (number: number): HTMLInputElement => screen.getByLabelText(`Folder ${number}`)
const homeBox = (): HTMLElement => screen.getByRole('checkbox', { name: `Share my home folder, ${home}` })

/** Saving waits until the test answers. */
function holdEdit(): (error?: AppError) => Promise<void> {
  let end: (error?: AppError) => void = () => undefined
  core.answers['machines.edit'] = () =>
    new Promise((resolve, reject) => {
      end = (error) => (error ? reject(error) : resolve({ needsRestart: false }))
    })
  return (error) => settle(() => Promise.resolve(end(error)))
}

test('what was entered waits for the person who looks at another tab', async () => {
  const leave = await open()
  await user.clear(cpus())
  await user.type(cpus(), '3')
  leave()
  await open()
  expect(cpus().value).toBe('3')
  expect(save()).toBeTruthy()
})

test('what was changed while it was saved is not saved yet, and stays', async () => {
  await open()
  const answer = holdEdit()
  await user.clear(cpus())
  await user.type(cpus(), '3')
  await user.click(save())
  await user.type(screen.getByLabelText('HTTP proxy'), 'http://p:1')
  await answer()
  expect(screen.getByLabelText('HTTP proxy')).toHaveProperty('value', 'http://p:1')
  expect(cpus().value).toBe('2')
})

test('saving that fails while another tab is shown is told on the way back', async () => {
  const leave = await open()
  const answer = holdEdit()
  await user.clear(cpus())
  await user.type(cpus(), '3')
  await user.click(save())
  leave()
  const again = await open()
  expect(save().getAttribute('aria-busy')).toBe('true')
  again()
  await answer(new AppError('machine.disk-failed', 'x'))
  const leaveOnceRead = await open()
  expect(screen.getByRole('alert')).toBeTruthy()
  expect(cpus().value).toBe('3')
  leaveOnceRead()
  await open()
  expect(screen.queryByRole('alert')).toBeNull()
  expect(cpus().value).toBe('3')
})

// A proxy may hold a secret.
test('what was entered goes with its machine', async () => {
  const leave = await open()
  await user.type(screen.getByLabelText('HTTP proxy'), 'http://me:secret@p:1')
  leave()
  takeMachines([])
  await open()
  expect(screen.getByLabelText('HTTP proxy')).toHaveProperty('value', '')
})

// On the way to /home/ann/work a text is the home folder itself for one key.
test('a folder below home is typed without losing its line at the home folder', async () => {
  await open()
  await user.click(screen.getByRole('button', { name: 'Add a folder' }))
  await user.type(line(1), `${home}/work`)
  expect(line(1).value).toBe(`${home}/work`)
  expect(homeBox().getAttribute('aria-checked')).toBe('false')
  await user.type(line(1), '{Backspace>5}')
  expect(document.activeElement).toBe(line(1))
  expect(line(1).value).toBe(home)
})

test('a folder that is the shared home folder is told where it was typed', async () => {
  await open({ shares: ['/srv', home].map((path) => ({ path, isReadOnly: true })) })
  expect(homeBox().getAttribute('aria-checked')).toBe('true')
  await user.clear(line(1))
  await user.type(line(1), home)
  expect(line(1).getAttribute('aria-invalid')).toBe('true')
  expect(save()).toHaveProperty('disabled', true)
  // The home folder's switch takes away its own entry only.
  await user.click(homeBox())
  expect(line(1).value).toBe(home)
  expect(save()).toHaveProperty('disabled', false)
})
