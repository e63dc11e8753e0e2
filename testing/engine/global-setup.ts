import type { TestProject } from 'vitest/node'
import { testImage } from './images'
import { startTestEngine } from './start-engine'

declare module 'vitest' {
  interface ProvidedContext {
    /** The unix socket of the engine that all files of this run share. */
    engineSocket: string
  }
}

/** For Vitest: `inject('engineSocket')` or `SLIPWAY_TEST_ENGINE` name the socket. Answers the teardown. */
export async function setup(project?: Partial<Pick<TestProject, 'provide'>>): Promise<() => Promise<void>> {
  const given = process.env['SLIPWAY_TEST_ENGINE']
  const engine = given ? undefined : await startTestEngine()
  const socket = engine?.socket ?? given ?? ''
  try {
    await testImage(socket)
  } catch (error) {
    await engine?.stop()
    throw error
  }
  process.env['SLIPWAY_TEST_ENGINE'] = socket
  project?.provide?.('engineSocket', socket)
  return async () => {
    if (engine) delete process.env['SLIPWAY_TEST_ENGINE']
    await engine?.stop()
  }
}

/** Vitest and Playwright both call a default export that answers its own teardown; ours is `setup`. */
export default setup
