import { expect, test } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { localEngine, taskRow } from '../../../testing/window/rows'
import { takeClient } from '../api'
import { setLanguage } from '../i18n'
import { activityStore } from '../store/activity'
import { toastStore } from '../store/toasts'
import { pullImage } from './pull-image'

test('a pull that this window asked for says when it is done, another does not', async () => {
  await setLanguage('en')
  toastStore.setState({ toasts: [] })
  takeClient(new FakeClient({ 'images.pull': () => ({ task: taskRow('pull-mine').id }) }).client)
  await pullImage({ engine: localEngine, reference: 'redis' })
  const pull = (id: string) => taskRow(id, { kind: 'images.pull', subject: 'redis:latest' })
  activityStore.setState({ tasks: [pull('pull-other')], events: [] })
  expect(toastStore.getState().toasts).toEqual([])
  activityStore.setState({ tasks: [pull('pull-mine')], events: [] })
  expect(toastStore.getState().toasts).toMatchObject([{ tone: 'ok', title: 'Pulled redis:latest' }])
  activityStore.setState({ tasks: [], events: [] })
  toastStore.setState({ toasts: [] })
})
