import { inject, test as base } from 'vitest'
import type { EngineClient } from '../../src/main/core/engine/engine'
import { busyboxImage } from '../engine/images'
import { connect, removeContainer, startContainer, TerminalLab } from './terminal-lab'

interface OfFile {
  /** The run's engine, with a container that sleeps. */
  readonly host: { readonly engine: EngineClient; readonly container: string }
}

interface OfTest {
  /** Terminals over that container, all ended after the test. */
  readonly lab: TerminalLab
}

export const test = base.extend<OfTest & OfFile>({
  host: [
    async ({}, use) => {
      const engine = await connect(inject('engineSocket'))
      const container = await startContainer(engine, busyboxImage, ['sleep', '1000000'])
      await use({ engine, container })
      await removeContainer(engine, container)
    },
    { scope: 'file' },
  ],
  lab: async ({ host }, use) => {
    const lab = new TerminalLab(host.engine, host.container)
    await use(lab)
    await lab.end()
  },
})
