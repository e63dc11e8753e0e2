import { PassThrough } from 'node:stream'
import { expect, test } from 'vitest'
import { AppError } from '../../../../shared/errors'
import { RemoteHost } from './remote-host'
import type { SshLink } from './ssh-tools'

/** A host that tells where its engine is when the test says so. */
function slowHost() {
  let tell = (): void => undefined
  const found = { code: 0, stdout: 'ok /run/docker.sock\n', stderr: '' }
  const link = {
    name: 'far',
    banner: '',
    isClosed: false,
    run: () => new Promise((resolve) => (tell = () => resolve(found))),
    dialUnix: () => Promise.resolve(new PassThrough()),
    onClosed: () => () => undefined,
    close: () => undefined,
  } as unknown as SshLink
  return { link, tell: () => tell() }
}

const cancelled = { code: 'cancelled' }
const aborted = (): AppError => new AppError('cancelled', 'Cancelled')

test('who gives up waits neither for the look around on the host nor for its second login', async () => {
  const { link, tell } = slowHost()
  const logins: AbortSignal[] = []
  const host = new RemoteHost((signal) => {
    logins.push(signal)
    return logins.length === 1 ? Promise.resolve(link) : new Promise(() => undefined)
  })
  const [first, second] = [new AbortController(), new AbortController()]
  const looking = host.dial(first.signal)
  await expect.poll(() => logins.length).toBe(1)
  first.abort(aborted())
  await expect(looking).rejects.toMatchObject(cancelled)
  const bulk = host.dial(second.signal, 'bulk')
  await expect.poll(() => (tell(), logins.length)).toBe(2)
  second.abort(aborted())
  await expect(bulk).rejects.toMatchObject(cancelled)
  expect(logins[1]?.aborted).toBe(false)
  // What is asked and answered does not need it at all.
  await host.dial(new AbortController().signal)
})
