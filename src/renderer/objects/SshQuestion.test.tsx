import { fireEvent, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { beforeEach, expect, test, vi } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { takeClient } from '../api'
import { setLanguage } from '../i18n'
import { SshQuestion } from './SshQuestion'

beforeEach(() => setLanguage('en'))

const facts = {
  ...{ question: 'password:me@box:22', name: 'me@box:22', kind: 'password', prompt: 'Password' },
  ...{ isSecret: true, wasWrong: false },
}

test('a password is asked for with the notice of its host, and the answer goes to core', async () => {
  const core = new FakeClient({ 'remotes.answer': () => null })
  takeClient(core.client)
  const onAnswered = vi.fn()
  const banner = 'For staff only.\n<b>Call 4711.</b>'
  render(
    <SshQuestion error={{ code: 'ssh.needs-answer', facts: { ...facts, banner } }} onAnswered={onAnswered} />,
  )
  // As it stands: lines stay lines, and nothing of it is markup.
  expect(screen.getByRole('figure', { name: 'Notice of the host' }).querySelector('pre')?.textContent).toBe(
    banner,
  )
  await userEvent.type(screen.getByLabelText('Password'), 'secret{Enter}')
  expect(core.asked('remotes.answer')).toEqual([{ question: facts.question, answer: 'secret' }])
  expect(onAnswered).toHaveBeenCalledOnce()
})

test.each([
  {
    kind: 'passphrase',
    name: '/home/me/.ssh/id',
    title: 'The key /home/me/.ssh/id is locked',
    label: 'Passphrase',
  },
  { kind: 'prompt', name: 'me@box:22', title: 'me@box:22 asks', label: 'Code from your phone' },
])('a $kind says what is asked for', ({ kind, name, title, label }) => {
  const asked = { ...facts, kind, name, prompt: kind === 'prompt' ? label : name }
  render(<SshQuestion error={{ code: 'ssh.needs-answer', facts: asked }} />)
  expect(screen.getByRole('group', { name: title })).toBeTruthy()
  expect(screen.getByLabelText(label)).toBeTruthy()
})

// The answer could reach core twice: where the first one was wrong, two tries of the account's few are gone.
test('an answer under way is not sent again, and an Enter that ends a composition sends none', async () => {
  const core = new FakeClient({ 'remotes.answer': () => new Promise<null>(() => undefined) })
  takeClient(core.client)
  render(<SshQuestion error={{ code: 'ssh.needs-answer', facts }} />)
  const field = screen.getByLabelText('Password')
  await userEvent.type(field, 'secret')
  fireEvent.keyDown(field, { key: 'Enter', isComposing: true })
  expect(core.asked('remotes.answer')).toEqual([])
  await userEvent.type(field, '{Enter}{Enter}')
  expect(core.asked('remotes.answer')).toHaveLength(1)
})

test('a host without a notice has no frame for one', () => {
  render(<SshQuestion error={{ code: 'ssh.needs-answer', facts }} />)
  expect(screen.queryByRole('figure')).toBeNull()
})
