import { expect } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine } from '../../../../testing/engine/start-engine'
import { connect, startContainer, TerminalLab } from '../../../../testing/terminals/terminal-lab'
import { test } from '../../../../testing/terminals/terminal-test'
import type { SessionId } from '../../../shared/model'
import type { EngineClient, JsonRequest, StreamRequest } from '../engine/engine'

test('closing a terminal ends its shell and what runs in its foreground', async ({ lab }) => {
  const { id } = await lab.open()
  const view = lab.attach(id)
  view.type('sleep 4321\r')
  await expect.poll(() => lab.processes(), { timeout: 20_000 }).toContain('sleep 4321')
  const before = await lab.shellsInside()
  await lab.close(id)
  await expect.poll(() => lab.processes(), { timeout: 20_000 }).not.toContain('sleep 4321')
  expect(await lab.shellsInside()).toBe(before - 1)
  await view.done
  expect(view.end).toMatchObject({ kind: 'ended' })
  expect(await lab.listed()).toEqual([])
  expect(() => lab.attach(id)).toThrow('This terminal is gone')
})

test('closing one terminal leaves its neighbour alone', async ({ lab }) => {
  const [one, two] = [await lab.open(), await lab.open()]
  await lab.close(one.id)
  const view = lab.attach(two.id)
  view.type('echo still-$((1+2))\r')
  await view.shows('still-3')
})

test('a flood waits for its only reader, and no byte of it is lost', async ({ lab }) => {
  const { id } = await lab.open()
  const view = lab.attach(id)
  await view.shows('#')
  view.isSlow = true
  view.type('seq 1 300000; echo do""ne\r')
  // Reads one item at a time, each only when asked: far slower than the program.
  await expect
    .poll(
      () => {
        view.next()
        return view.text.endsWith('done') || view.text.includes('done\r\n')
      },
      { timeout: 50_000, interval: 5 },
    )
    .toBe(true)
  expect(view.replays).toHaveLength(1)
  const numbers = view.text.match(/^\d+\r$/gm)?.map((line) => parseInt(line, 10)) ?? []
  expect(numbers).toEqual(Array.from({ length: 300_000 }, (_, n) => n + 1))
}, 90_000)

test('a slow client does not hold up a quick one, and is told what it missed', async ({ lab }) => {
  const { id } = await lab.open()
  const slow = lab.attach(id)
  await slow.shows('#')
  slow.isSlow = true
  const quick = lab.attach(id)
  quick.type('seq 1 700000; echo do""ne\r')
  await quick.shows('done\r\n')
  slow.isSlow = false
  slow.next()
  await slow.shows('done\r\n')
  expect(slow.replays.length).toBeGreaterThan(1)
  expect(slow.replays.at(-1)?.droppedBytes).toBeGreaterThan(0)
  expect(slow.bytes.length).toBeLessThan(quick.bytes.length)
}, 90_000)

test('after the end of core nothing opens and nothing is left running', async ({ lab }) => {
  const before = await lab.shellsInside()
  await lab.open()
  await lab.open()
  await expect.poll(() => lab.shellsInside(), { timeout: 20_000 }).toBe(before + 2)
  await lab.terminals.closeAll()
  expect(await lab.shellsInside()).toBe(before)
  await expect(lab.open()).rejects.toMatchObject({ code: 'core.gone' })
})

test('a terminal closed right after its opening leaves no shell behind', async ({ lab }) => {
  const before = await lab.shellsInside()
  const { id } = await lab.open()
  await lab.close(id)
  expect(await lab.shellsInside()).toBe(before)
})

test('the signal of the opening has no say after it', async ({ lab }) => {
  const opening = new AbortController()
  const session = await lab.open({}, opening.signal)
  opening.abort()
  const view = lab.attach(session.id)
  view.type('echo alive-$((3+3))\r')
  await view.shows('alive-6')
})

test('an opening that is called off as the shell starts ends, and leaves no shell', async ({ host, lab }) => {
  const before = await lab.shellsInside()
  const opening = new AbortController()
  const engine = Object.assign(Object.create(host.engine) as EngineClient, {
    json: (request: JsonRequest) => host.engine.json(request),
    hijack: async (request: StreamRequest) => {
      const answer = await host.engine.hijack(request)
      if ((request.body as { Tty?: boolean }).Tty) opening.abort()
      return answer
    },
  })
  const own = new TerminalLab(engine, host.container)
  await expect(own.open({}, opening.signal)).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(() => lab.shellsInside(), { timeout: 20_000 }).toBe(before)
})

test('an engine that is killed ends its terminals with why, and their scrollback stays', async () => {
  const own = await startTestEngine({ network: 'none' })
  try {
    await testImage(own.socket)
    const client = await connect(own.socket)
    const dying = new TerminalLab(client, await startContainer(client, busyboxImage, ['sleep', '1000000']))
    const sessions = await Promise.all(Array.from({ length: 10 }, () => dying.open()))
    const views = sessions.map((session) => dying.attach(session.id))
    for (const [n, view] of views.entries()) view.type(`echo mark-${n}-$((20+${n}))\r`)
    await Promise.all(views.map((view, n) => view.shows(`mark-${n}-${20 + n}`)))
    await own.kill9()
    await Promise.all(views.map((view) => view.done))
    const lost = { kind: 'ended', error: { code: 'engine.unreachable' } }
    for (const view of views) expect(view.end).toMatchObject(lost)
    expect((await dying.listed()).map(({ state }) => state)).toEqual(Array(10).fill('ended'))
    const again = dying.attach((sessions[3] as { id: SessionId }).id)
    await again.done
    expect(again.text).toContain('mark-3-23')
    expect(again.end).toMatchObject(lost)
    await dying.end()
  } finally {
    await own.stop()
  }
}, 120_000)
