import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { waitFor } from '../platform/wait-for'
import { childRoad } from './road'

/** A program in the agent's place, which tells its number in a file beside it. */
async function program(script: string): Promise<{ path: string; text: (name: string) => Promise<string> }> {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-road-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const path = join(dir, 'program')
  await writeFile(path, `#!/bin/sh\ncd ${dir}; echo $$ > pid\n${script}\n`, { mode: 0o755 })
  return { path, text: (name) => readFile(join(dir, name), 'utf8').catch(() => '') }
}

const live = new AbortController().signal

const isRunning = (pid: number): boolean => {
  try {
    return process.kill(pid, 0)
  } catch {
    return false
  }
}

test('an agent whose road is closed has the time to take back what it has begun', async () => {
  const { path, text } = await program('cat > /dev/null; sleep 0.5; echo clean > drafts')
  const road = await childRoad({ path, version: 'test' }).open(live)
  await waitFor(async () => (await text('pid')) !== '', { timeoutMs: 10_000, what: 'the program' })
  road.destroy()
  await waitFor(async () => (await text('drafts')) === 'clean\n', { timeoutMs: 10_000, what: 'its end' })
})

test('one that does not end by itself is ended', async () => {
  const { path, text } = await program('exec sleep 1000')
  const road = await childRoad({ path, version: 'test' }).open(live)
  await waitFor(async () => (await text('pid')) !== '', { timeoutMs: 10_000, what: 'the program' })
  const pid = Number(await text('pid'))
  expect(isRunning(pid)).toBe(true)
  road.destroy()
  await waitFor(() => !isRunning(pid), { timeoutMs: 10_000, what: 'its end' })
})
