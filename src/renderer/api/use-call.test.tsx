import { act, cleanup, renderHook, waitFor } from '@testing-library/react'
import { afterEach, expect, test } from 'vitest'
import { FakeClient } from '../../../testing/window/fake-client'
import { AppError } from '../../shared/errors'
import { takeClient } from './connection'
import { useCall } from './use-call'

afterEach(cleanup)

const answering = (...names: string[]): FakeClient =>
  new FakeClient({ 'remotes.names': () => ({ names: [...names] }) })
const failing = (code: 'core.gone' | 'engine.failed'): FakeClient =>
  new FakeClient({
    'remotes.names': () => {
      throw new AppError(code, 'x')
    },
  })
const ask = () => renderHook(() => useCall('remotes.names', {})).result

test('what a lost connection left without an answer is asked again over the next one', async () => {
  takeClient(failing('core.gone').client)
  const result = ask()
  await waitFor(() => expect(result.current.state).toBe('failed'))
  act(() => takeClient(answering('far').client))
  await waitFor(() => expect(result.current).toMatchObject({ state: 'ready', value: { names: ['far'] } }))
})

test('an answer that says no is not asked for again by itself', async () => {
  takeClient(failing('engine.failed').client)
  const result = ask()
  await waitFor(() => expect(result.current.state).toBe('failed'))
  const next = answering()
  await act(async () => {
    takeClient(next.client)
    await Promise.resolve()
  })
  expect(next.calls).toEqual([])
})

test('a reload that fails keeps what was known beside its error, until one succeeds', async () => {
  const core = answering('far')
  takeClient(core.client)
  const result = ask()
  await waitFor(() => expect(result.current.state).toBe('ready'))
  const was = core.answers['remotes.names']
  Object.assign(core.answers, failing('engine.failed').answers)
  act(() => result.current.reload())
  await waitFor(() => expect(result.current.state).toBe('failed'))
  expect(result.current).toMatchObject({ value: { names: ['far'] }, error: { code: 'engine.failed' } })
  Object.assign(core.answers, { 'remotes.names': was })
  act(() => result.current.reload())
  await waitFor(() => expect(result.current).toMatchObject({ state: 'ready', error: undefined }))
})
