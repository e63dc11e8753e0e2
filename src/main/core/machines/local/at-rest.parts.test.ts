import { existsSync } from 'node:fs'
import { mkdtemp, rm } from 'node:fs/promises'
import { expect, onTestFinished, test } from 'vitest'
import { pathsOf } from '../../platform/paths'
import { ping } from './engine-process'
import { PrivateEngine } from './private-engine'

test('work on an engine at rest also ends one that an earlier core left, and a start waits for it', async () => {
  const dir = await mkdtemp('/tmp/sla-')
  const paths = pathsOf(dir).engine
  const [earlier, engine] = [new PrivateEngine(paths), new PrivateEngine(paths)]
  onTestFinished(async () => {
    await engine.stop()
    await rm(dir, { recursive: true, force: true })
  })
  await earlier.start()
  await earlier.release()
  expect(await ping(paths.socket)).toBe(true)
  const steps: string[] = []
  const rest = engine.atRest(async () => {
    steps.push((await ping(paths.socket)) ? 'runs' : 'rests')
    await rm(paths.dir, { recursive: true })
    steps.push('gone')
  })
  await Promise.all([rest, engine.start().then(() => steps.push('started'))])
  expect(steps).toEqual(['rests', 'gone', 'started'])
  expect(existsSync(paths.data)).toBe(true)
}, 120_000)
