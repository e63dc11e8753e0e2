import { act, cleanup, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { afterEach, beforeEach, expect, test } from 'vitest'
import { Router } from 'wouter'
import { memoryLocation } from 'wouter/memory-location'
import { FakeClient } from '../../../../testing/window/fake-client'
import { localEngine } from '../../../../testing/window/rows'
import type { FileEntry } from '../../../shared/model/file-entry'
import { takeClient } from '../../api'
import { FilesView } from './FilesView'

const folder = (name: string): FileEntry => ({
  name,
  kind: 'folder',
  sizeBytes: 0,
  mode: 0o755,
  uid: 0,
  gid: 0,
  mtimeMs: 0,
})

let core: FakeClient
let go: (path: string) => void
let user: ReturnType<typeof userEvent.setup>

beforeEach(async () => {
  core = new FakeClient({
    'files.list': ({ path }) => ({
      road: 'agent',
      path,
      entries: path === '/' ? [folder('srv')] : [],
      removed: [],
    }),
    'files.stat': ({ path }) => ({ road: 'agent', path, entry: folder('srv'), version: '1' }),
    'files.makeFolder': () => ({ road: 'agent' }),
    'settings.setUi': () => null,
  })
  takeClient(core.client)
  user = userEvent.setup()
  const { hook, searchHook, navigate } = memoryLocation({ path: '/c/files' })
  go = (path) => act(() => navigate(path))
  render(
    <Router hook={hook} searchHook={searchHook}>
      <FilesView kind="container" engine={localEngine} id="c" base="/c/files" />
    </Router>,
  )
  await screen.findByRole('row', { name: /srv/ })
})
afterEach(cleanup)

const found = (): HTMLElement | null => screen.queryByRole('region', { name: /^Names with/ })

async function findBelow(): Promise<void> {
  await user.type(screen.getByRole('searchbox'), 'word{Enter}')
  await waitFor(() => expect(core.stream('files.find')).toBeTruthy())
}

test('beside what was found a folder can still be made', async () => {
  await findBelow()
  await user.click(screen.getByRole('button', { name: 'New' }))
  await user.click(await screen.findByRole('menuitem', { name: 'New folder…' }))
  await user.type(await screen.findByRole('textbox', { name: 'Name' }), 'more')
  await user.click(screen.getByRole('button', { name: 'Create' }))
  await waitFor(() => expect(core.asked('files.makeFolder')).toMatchObject([{ path: '/more' }]))
  expect(found()).toBeTruthy()
})

test('what was found below one folder does not stand over another', async () => {
  await findBelow()
  expect(found()).toBeTruthy()
  go('/c/files?dir=/srv')
  expect(found()).toBeNull()
  expect(screen.getByRole('treegrid')).toBeTruthy()
})

test('from the path’s field Enter leads into the list, Escape back to its button', async () => {
  await user.click(screen.getByRole('button', { name: 'Type a path' }))
  await user.keyboard('{Escape}')
  expect(document.activeElement).toBe(screen.getByRole('button', { name: 'Type a path' }))
  await user.keyboard('{Enter}')
  await user.keyboard('/srv{Enter}')
  await waitFor(() => expect(document.activeElement).toBe(screen.getByRole('treegrid', { name: /\/srv/ })))
})
