import { existsSync } from 'node:fs'
import { expect, inject, onTestFinished, test } from 'vitest'
import { run } from '../../src/main/core/platform/child'
import { busyboxImage, testImage } from './images'
import { startRegistry } from './registry'
import { ping, startTestEngine } from './start-engine'

const docker = async (socket: string, ...args: string[]): Promise<string> => {
  const ran = await run('docker', ['--host', `unix://${socket}`, ...args])
  if (ran.code !== 0) throw new Error(ran.stderr)
  return ran.stdout.trim()
}

test('the shared engine answers and has the test image', async () => {
  const socket = inject('engineSocket')
  expect(process.env['SLIPWAY_TEST_ENGINE']).toBe(socket)
  expect(await docker(socket, 'run', '--rm', busyboxImage, 'sh', '-c', 'echo up; id -un')).toBe('up\nroot')
})

test('an engine dies, comes back on its folders, and leaves nothing behind', async () => {
  const engine = await startTestEngine()
  onTestFinished(() => engine.stop())
  await testImage(engine.socket)
  await docker(engine.socket, 'network', 'create', 'left')
  await docker(
    engine.socket,
    'run',
    '-d',
    '--name',
    'web',
    '--network',
    'left',
    busyboxImage,
    'sleep',
    '1000',
  )
  await engine.kill9()
  expect(await ping(engine.socket)).toBe(false)
  await engine.restart()
  expect(await docker(engine.socket, 'ps', '-aq', '--filter', 'name=web')).not.toBe('')
  await docker(engine.socket, 'start', 'web')
  await engine.kill9()
  await engine.stop()
  expect(existsSync(engine.dir)).toBe(false)
  const links = await run('ip', ['-br', 'addr'])
  expect(links.stdout).not.toContain(`${engine.pool}.`)
  const mounts = await run('cat', ['/proc/self/mountinfo'])
  expect(mounts.stdout).not.toContain(engine.dir)
  const processes = await run('ps', ['axww', '-o', 'args'])
  expect(processes.stdout).not.toContain(engine.dir)
}, 180_000)

test('a published port of the shared engine answers on the host', async () => {
  const socket = inject('engineSocket')
  const serve = 'while true; do printf "HTTP/1.0 200 OK\\r\\n\\r\\nhello" | nc -l -p 80; done'
  const id = await docker(socket, 'run', '-d', '-p', '127.0.0.1::80', busyboxImage, 'sh', '-c', serve)
  try {
    const address = await docker(socket, 'port', id, '80')
    await expect
      .poll(
        () =>
          fetch(`http://${address}/`)
            .then((r) => r.text())
            .catch(() => ''),
        { timeout: 20_000 },
      )
      .toBe('hello')
  } finally {
    await docker(socket, 'rm', '-f', id)
  }
})

test('a registry takes and gives an image', async () => {
  const socket = inject('engineSocket')
  const registry = await startRegistry()
  try {
    const reference = `${registry.host}/team/busybox:1`
    await docker(socket, 'tag', busyboxImage, reference)
    await docker(socket, 'push', '-q', reference)
    await docker(socket, 'rmi', reference)
    expect(await docker(socket, 'pull', '-q', reference)).toBe(reference)
    await docker(socket, 'rmi', reference)
  } finally {
    await registry.stop()
  }
})
