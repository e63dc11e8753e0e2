import { render, screen } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { expect, onTestFinished, test } from 'vitest'
import { taskRow } from '../../../testing/window/rows'
import { setLanguage } from '../i18n'
import { activityStore } from '../store/activity'
import { TaskIndicator } from './TaskIndicator'

test('bytes of an unknown whole are told as they are, not as a share of it', async () => {
  await setLanguage('en')
  const saving = { kind: 'images.save', subject: 'web:1', state: 'running', doneBytes: 25_000_000 } as const
  activityStore.setState({ tasks: [taskRow('s1', saving)], events: [] })
  onTestFinished(() => activityStore.setState({ tasks: [], events: [] }))
  render(<TaskIndicator />)
  await userEvent.click(screen.getByRole('button', { name: '1 task running' }))
  const bar = await screen.findByRole('progressbar', { name: 'Progress of Save images: web:1' })
  expect(bar.getAttribute('aria-valuenow')).toBeNull()
  expect(screen.getByText('25 MB')).toBeTruthy()
})
