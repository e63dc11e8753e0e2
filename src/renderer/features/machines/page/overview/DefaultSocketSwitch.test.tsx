import { act as settle, render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, test } from 'vitest'
import { FakeClient } from '../../../../../../testing/window/fake-client'
import { AppError } from '../../../../../shared/errors'
import { takeClient } from '../../../../api'
import { toastStore } from '../../../../store/toasts'
import { sampleMachine } from '../../sample-machines'
import { DefaultSocketSwitch } from './DefaultSocketSwitch'

test('who looks at another tab by then is told of a refusal all the same', async () => {
  let refuse = (): void => undefined
  const error = new AppError('file.failed', 'x', { facts: { command: 'sudo ln -s a b' } })
  const core = new FakeClient({
    'machines.setDefaultSocket': () => new Promise((_, reject) => (refuse = () => reject(error))),
  })
  takeClient(core.client)
  const { unmount } = render(<DefaultSocketSwitch machine={sampleMachine()} />)
  await userEvent.click(screen.getByRole('switch'))
  unmount()
  await settle(() => Promise.resolve(refuse()))
  expect(toastStore.getState().toasts.map((toast) => toast.error?.facts)).toEqual([error.facts])
})
