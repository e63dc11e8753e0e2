import { mkdtemp, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { startCore, type Core } from '../../src/main/core/core'
import { live } from './service-lab'
import { noInput } from './no-input'

/** A core that sees just this engine, which runs in it as `local`; closed when the test has ended. */
export async function loneCore(socket: string): Promise<Core> {
  const dataDir = await mkdtemp('/tmp/sld-')
  const sockets = { rootful: join(dataDir, 'none'), podman: join(dataDir, 'none') }
  const core = await startCore({
    host: 'serve',
    dataDir,
    env: { PATH: dataDir, HOME: dataDir, XDG_RUNTIME_DIR: dataDir, DOCKER_HOST: `unix://${socket}` },
    surroundings: { uid: 1000, sockets },
  })
  onTestFinished(async () => {
    await core.close()
    await rm(dataDir, { recursive: true, force: true })
  })
  for await (const item of core.handlers['inventory.watch']({}, { signal: live, input: noInput() }))
    if ('engines' in item && item.engines.some(({ state }) => state.kind === 'running')) break
  return core
}
