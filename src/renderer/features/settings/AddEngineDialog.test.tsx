import { act as settle, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { FakeClient } from '../../../../testing/window/fake-client'
import { AppError } from '../../../shared/errors'
import { takeClient } from '../../api'
import { AddEngineDialog } from './AddEngineDialog'

const facts = { question: 'q', name: 'me@box', kind: 'password', prompt: '', isSecret: true, wasWrong: false }

test.each([
  { when: 'the same address stands', isChanged: false, tests: 2 },
  { when: 'another address stands', isChanged: true, tests: 1 },
])('an answer to the host that comes when $when in the form', async ({ isChanged, tests }) => {
  let answer = (): void => undefined
  const core = new FakeClient({
    'engines.test': () => {
      throw new AppError('ssh.needs-answer', 'x', { facts })
    },
    'remotes.answer': () => new Promise((resolve) => (answer = () => resolve(null))),
  })
  takeClient(core.client)
  const user = userEvent.setup()
  render(<AddEngineDialog onClose={() => undefined} />)
  const name = screen.getByLabelText('Name')
  await user.type(name, 'far')
  await user.click(screen.getByRole('button', { name: 'Test' }))
  await user.type(await screen.findByLabelText('Password'), 'secret{Enter}')
  if (isChanged) await user.type(name, '2')
  await settle(() => Promise.resolve(answer()))
  expect(core.asked('engines.test')).toHaveLength(tests)
})
