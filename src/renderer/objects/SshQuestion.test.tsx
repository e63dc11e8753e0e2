import { render, screen } from '@testing-library/react'
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

test('a host without a notice has no frame for one', () => {
  render(<SshQuestion error={{ code: 'ssh.needs-answer', facts }} />)
  expect(screen.queryByRole('figure')).toBeNull()
})
