import { expect, test } from 'vitest'
import { AppError, type ErrorCode } from '../../../shared/errors'
import { TunnelGuest } from './guest'
import type { Link } from './link'

/** A link as far as a guest uses one: it tells its end, and what was dialled through it. */
class StandingLink {
  readonly dialled: string[] = []
  #listener: ((reason: Error | undefined) => void) | undefined
  onClosed(listener: (reason: Error | undefined) => void): () => void {
    this.#listener = listener
    return () => undefined
  }
  dialTcp(host: string, port: number): Promise<undefined> {
    this.dialled.push(`${host}:${port}`)
    return Promise.resolve(undefined)
  }
  close(): void {
    this.#listener?.(undefined)
  }
}
const asLink = (link: StandingLink): Link => link as unknown as Link
const { signal } = new AbortController()

function guestWhoseSecondFails(...codes: ErrorCode[]) {
  const second = new StandingLink()
  let tries = 0
  const guest = new TunnelGuest(asLink(new StandingLink()), () => {
    const code = codes[tries++]
    return code ? Promise.reject(new AppError(code, 'closed by the host')) : Promise.resolve(asLink(second))
  })
  return { guest, second, tries: () => tries }
}

test('a second login that breaks off is tried again while the first connection stands', async () => {
  const { guest, second, tries } = guestWhoseSecondFails('tunnel.unreachable', 'tunnel.not-responding')
  await Promise.all([guest.dialTcp('a', 1, signal), guest.dialTcp('b', 2, signal)])
  expect(second.dialled).toEqual(['a:1', 'b:2'])
  expect(tries()).toBe(3)
})

test('what no patience mends is said at once, and the next who needs it tries anew', async () => {
  const { guest, second, tries } = guestWhoseSecondFails('tunnel.host-key-changed')
  await expect(guest.dialTcp('a', 1, signal)).rejects.toMatchObject({ code: 'tunnel.host-key-changed' })
  expect(tries()).toBe(1)
  await guest.dialTcp('b', 2, signal)
  expect(second.dialled).toEqual(['b:2'])
})

test('one that never comes is told after a few tries; a guest that is let go tries no more', async () => {
  const lasting = guestWhoseSecondFails(...Array<ErrorCode>(9).fill('tunnel.unreachable'))
  await expect(lasting.guest.dialTcp('a', 1, signal)).rejects.toMatchObject({ code: 'tunnel.unreachable' })
  expect(lasting.tries()).toBe(4)
  const left = guestWhoseSecondFails(...Array<ErrorCode>(9).fill('tunnel.unreachable'))
  const dialled = left.guest.dialTcp('a', 1, signal)
  left.guest.close()
  await expect(dialled).rejects.toMatchObject({ code: 'tunnel.lost' })
  expect(left.tries()).toBe(1)
})

test('who gives up does not wait for the second login, which goes on for the others', async () => {
  const second = new StandingLink()
  let comeIn = (): void => undefined
  const guest = new TunnelGuest(
    asLink(new StandingLink()),
    () => new Promise((resolve) => (comeIn = () => resolve(asLink(second)))),
  )
  const leaver = new AbortController()
  const left = guest.dialTcp('a', 1, leaver.signal)
  const stayed = guest.dialTcp('b', 2, signal)
  leaver.abort(new AppError('cancelled', 'Cancelled'))
  await expect(left).rejects.toMatchObject({ code: 'cancelled' })
  comeIn()
  await stayed
  expect(second.dialled).toEqual(['b:2'])
})
