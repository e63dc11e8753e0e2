import { spawn } from 'node:child_process'
import { closeSync, openSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { waitFor } from '../../src/main/core/platform/wait-for'
import { freePort } from '../ports/free-port'
import { needs } from './start-engine'

export interface TestRegistry {
  /** `127.0.0.1:PORT`: engines speak plain HTTP to loopback registries. */
  readonly host: string
  stop(): Promise<void>
}

/** A real registry on a free loopback port, with its blobs in a folder of its own. */
export async function startRegistry(): Promise<TestRegistry> {
  await needs('docker-registry', 'apt-get install docker-registry')
  const dir = await mkdtemp('/tmp/slt-registry-')
  const port = await freePort()
  const host = `127.0.0.1:${port}`
  const config = join(dir, 'config.yml')
  await writeFile(config, configFor(join(dir, 'blobs'), host))
  const out = openSync(join(dir, 'log'), 'a')
  const child = spawn('docker-registry', ['serve', config], { stdio: ['ignore', out, out] })
  closeSync(out)
  child.on('error', () => undefined)
  const stop = async (): Promise<void> => {
    if (child.exitCode === null && child.signalCode === null) {
      const ended = new Promise((resolve) => child.once('exit', resolve))
      child.kill('SIGKILL')
      await ended
    }
    await rm(dir, { recursive: true, force: true })
  }
  try {
    await waitFor(() => isUp(host), { timeoutMs: 30_000, what: 'the test registry to answer' })
  } catch (error) {
    const log = await readFile(join(dir, 'log'), 'utf8').catch(() => '')
    await stop()
    throw new Error(`docker-registry did not start:\n${log.slice(-2000)}`, { cause: error })
  }
  return { host, stop }
}

const configFor = (blobs: string, host: string): string => `version: 0.1
log: { level: warn, accesslog: { disabled: true } }
storage:
  filesystem: { rootdirectory: ${blobs} }
  delete: { enabled: true }
http: { addr: '${host}' }
`

const isUp = (host: string): Promise<boolean> =>
  fetch(`http://${host}/v2/`).then(
    (answer) => answer.ok,
    () => false,
  )
