import type { FullConfig } from '@playwright/test'
import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { allOrNothing, type Cleanup } from '../src/shared/std/cleanup'
import { busyboxImage, loadImage, testImage } from '../testing/engine/images'
import { startRegistry } from '../testing/engine/registry'
import { startTestEngine } from '../testing/engine/start-engine'
import { dockerOf } from './fixtures/docker'
import { labsVariable, type Lab } from './fixtures/lab'
import { layeredImage } from './fixtures/layered-image'

/** An engine and a registry for each worker: what `npm run e2e` needs besides the built app. */
async function setup({ workers }: FullConfig): Promise<() => Promise<void>> {
  return allOrNothing(async (cleanup) => {
    const labs: Lab[] = []
    for (let n = 0; n < workers; n++) labs.push(await openLab(cleanup))
    process.env[labsVariable] = JSON.stringify(labs)
    return () => cleanup.close()
  })
}

async function openLab(cleanup: Cleanup): Promise<Lab> {
  const dockerConfig = await mkdtemp('/tmp/slt-e2e-config-')
  cleanup.add(() => rm(dockerConfig, { recursive: true, force: true }))
  const engine = await startTestEngine()
  cleanup.add(() => engine.stop())
  await testImage(engine.socket)
  const registry = await startRegistry()
  cleanup.add(() => registry.stop())
  const docker = dockerOf(engine.socket, dockerConfig)
  const app = `${registry.host}/team/app:1.0`
  await loadImage(engine.socket, layeredImage(app))
  const busybox = `${registry.host}/team/busybox:1`
  await docker('tag', busyboxImage, busybox)
  for (const reference of [app, busybox]) {
    await docker('push', '-q', reference)
    await docker('rmi', reference)
  }
  return { socket: engine.socket, registry: registry.host, dockerConfig, files: join(dockerConfig, 'files') }
}

export default setup
