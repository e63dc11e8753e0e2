import { PassThrough } from 'node:stream'
import { setImmediate as soon } from 'node:timers/promises'
import { expect, test } from 'vitest'
import { AppError } from '../../../../shared/errors'
import { SessionPool } from './session-pool'
import type { SshLink } from './ssh-tools'

/** A host that allows one session in each connection, and a login to it that ends when the test says so. */
function narrowHost() {
  const closed: string[] = []
  const busy = new Set<SshLink>()
  const link = (name: string): SshLink =>
    ({ name, onClosed: () => () => undefined, close: () => closed.push(name) }) as unknown as SshLink
  let hasComeIn = (): void => undefined
  const logins: AbortSignal[] = []
  const pool = new SessionPool(link('first'), (signal) => {
    logins.push(signal)
    return new Promise((resolve) => (hasComeIn = () => resolve(link('second'))))
  })
  const start = (on: SshLink): Promise<{ stream: PassThrough; on: string }> => {
    if (busy.has(on)) return Promise.reject(new AppError('tunnel.refused', 'full'))
    busy.add(on)
    return Promise.resolve({ stream: new PassThrough(), on: on.name })
  }
  return { pool, start, closed, logins, comeIn: () => hasComeIn() }
}

test('a login goes on for those who wait with the first asker, when that one leaves', async () => {
  const { pool, start, logins, comeIn } = narrowHost()
  const { signal } = new AbortController()
  await pool.open(start, signal)
  const leaver = new AbortController()
  const left = pool.open(start, leaver.signal)
  const stayed = pool.open(start, signal)
  await soon()
  leaver.abort(new AppError('cancelled', 'Cancelled'))
  await expect(left).rejects.toMatchObject({ code: 'cancelled' })
  comeIn()
  expect(await stayed).toMatchObject({ on: 'second' })
  expect(logins.map(({ aborted }) => aborted)).toEqual([false])
})

test('a login that ends after the pool does leaves no connection, and who waits for it is told', async () => {
  const { pool, start, closed, logins, comeIn } = narrowHost()
  const { signal } = new AbortController()
  await pool.open(start, signal)
  const told = expect(pool.open(start, signal)).rejects.toMatchObject({ code: 'tunnel.lost' })
  await soon()
  pool.close()
  expect(logins[0]?.aborted).toBe(true)
  comeIn()
  await soon()
  expect(closed).toEqual(['second'])
  await told
})

test('a session that is still ending at the far side is not taken for the limit', async () => {
  const { signal } = new AbortController()
  let there = 0
  const start = (): Promise<{ stream: PassThrough }> => {
    if (there === 2) return Promise.reject(new AppError('tunnel.refused', 'full'))
    there++
    const stream = new PassThrough()
    stream.once('close', () => setTimeout(() => there--, 300))
    return Promise.resolve({ stream })
  }
  const link = { name: 'only', onClosed: () => () => undefined } as unknown as SshLink
  const pool = new SessionPool(link, () => Promise.reject(new AppError('tunnel.refused', 'no')))
  const { stream } = await pool.open(start, signal)
  stream.destroy()
  await soon()
  await pool.open(start, signal)
  await pool.open(start, signal)
  expect(there).toBe(2)
})
