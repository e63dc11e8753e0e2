import { spawn } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { listenerAt } from './engine-process'

async function freshDir(): Promise<string> {
  const dir = await mkdtemp('/tmp/slp-')
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  return dir
}

test('a listener is there, gone, or not to be known: only no socket and a refusal say that it is gone', async () => {
  const dir = await freshDir()
  const path = join(dir, 's')
  expect(await listenerAt(path)).toBe('gone')
  const code = `require('net').createServer().listen({ path: ${JSON.stringify(path)}, backlog: 1 })`
  const server = spawn(process.execPath, ['-e', code])
  onTestFinished(() => void server.kill('SIGKILL'))
  await expect.poll(() => listenerAt(path)).toBe('there')
  server.kill('SIGSTOP')
  // Its queue fills up, and the next one is turned away with EAGAIN.
  const queued = Array.from({ length: 8 }, () => connect(path).on('error', () => undefined))
  onTestFinished(() => queued.forEach((socket) => void socket.destroy()))
  await expect.poll(() => listenerAt(path)).toBe('unknown')
  server.kill('SIGKILL')
  await expect.poll(() => listenerAt(path)).toBe('gone')
  await writeFile(join(dir, 'file'), '')
  expect(await listenerAt(join(dir, 'file', 's'))).toBe('unknown')
})
