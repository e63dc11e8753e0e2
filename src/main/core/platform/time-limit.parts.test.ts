import { expect, test } from 'vitest'
import { run } from './child'
import { timeLimit } from './time-limit'

test('a limit ends by itself, and before with what is around it', async () => {
  const ended = (signal: AbortSignal): Promise<unknown> =>
    new Promise((resolve) => signal.addEventListener('abort', () => resolve(signal.reason)))
  expect(await ended(timeLimit(undefined, 1))).toMatchObject({ name: 'TimeoutError' })
  const outer = new AbortController()
  const limit = timeLimit(outer.signal, 60_000)
  outer.abort('enough')
  expect([limit.aborted, limit.reason]).toEqual([true, 'enough'])
  expect(timeLimit(outer.signal, 60_000).reason).toBe('enough')
})

// What this file is for: the same with `AbortSignal.any` never ends under Node 20.
test('a limit that only its listener knows survives the collector', async () => {
  const file = new URL('time-limit.ts', import.meta.url).href
  const script = `
    const { timeLimit } = await import(${JSON.stringify(file)})
    const outer = new AbortController().signal
    const start = () => timeLimit(outer, 300).addEventListener('abort', () => { console.log('ended'); process.exit() })
    start()
    setInterval(() => globalThis.gc(), 20)
    setTimeout(() => process.exit(1), 20000)`
  const args = ['--expose-gc', '--import', 'tsx', '--input-type=module', '-e', script]
  const ran = await run(process.execPath, args, { timeoutMs: 50_000 })
  expect(ran.stdout + ran.stderr).toContain('ended')
})
