import { expect } from 'vitest'
import { busyboxImage, noShellImage } from '../../../../testing/engine/images'
import {
  live,
  local,
  removeContainer,
  startContainer,
  type TerminalLab,
  type View,
} from '../../../../testing/terminals/terminal-lab'
import { test } from '../../../../testing/terminals/terminal-test'

test('a shell is found, echoes what is typed, and ends with its exit code', async ({ lab }) => {
  const session = await lab.open()
  expect(session).toMatchObject({ kind: 'container', shell: 'ash', state: 'open', container: lab.container })
  expect(session.title).toMatch(/^\w+ — ash$/)
  const view = lab.attach(session.id)
  view.type('echo "he""llo $TERM $LANG $((6*7))"\r')
  await view.shows('hello xterm-256color C.UTF-8 42')
  view.type('exit 7\r')
  await view.done
  expect(view.end).toEqual({ kind: 'ended', exitCode: 7 })
  expect(await lab.listed()).toMatchObject([{ id: session.id, state: 'ended', exitCode: 7 }])
})

test('the shells of a container are told best first', async ({ lab }) => {
  expect(
    await lab.terminals.handlers['terminal.shells']({ engine: local, container: lab.container }, live),
  ).toEqual({
    shells: ['ash', 'sh'],
  })
})

test('a chosen shell and user are used', async ({ lab }) => {
  const session = await lab.open({ shell: 'sh', user: 'nobody' })
  const view = lab.attach(session.id)
  view.type('id -un; echo $0\r')
  await view.shows(/nobody\r\nsh\r\n/)
})

test('an unknown user is refused with its name', async ({ lab }) => {
  await expect(lab.open({ user: 'martian' })).rejects.toMatchObject({
    code: 'request.invalid',
    facts: { problem: 'no-such-user', user: 'martian' },
  })
})

test('an image without a shell says so', async ({ lab }) => {
  const bare = await startContainer(lab.engine, noShellImage)
  try {
    await expect(lab.open({ container: bare })).rejects.toMatchObject({ code: 'terminal.no-shell' })
    expect(await lab.terminals.handlers['terminal.shells']({ engine: local, container: bare }, live)).toEqual(
      {
        shells: [],
      },
    )
  } finally {
    await removeContainer(lab.engine, bare)
  }
})

test('a chosen shell that is not there ends with why', async ({ lab }) => {
  const view = lab.attach((await lab.open({ shell: '/bin/zsh' })).id)
  await view.done
  expect(view.end).toMatchObject({ error: { code: 'terminal.no-shell', facts: { shell: '/bin/zsh' } } })
})

test('a container that is gone or stopped is refused by the engine itself', async ({ lab }) => {
  await expect(lab.open({ container: 'nowhere' })).rejects.toMatchObject({ code: 'object.not-found' })
  const stopped = await startContainer(lab.engine, busyboxImage, ['true'])
  await lab.engine.json({ method: 'POST', path: `/containers/${stopped}/wait` })
  await expect(lab.open({ container: stopped })).rejects.toMatchObject({ code: 'object.conflict' })
  await removeContainer(lab.engine, stopped)
})

/** The program is asked until it has heard of the size. */
const saysSize = (view: View, size: string): Promise<void> =>
  expect
    .poll(
      () => {
        view.type('stty size\r')
        return view.text
      },
      { timeout: 30_000, interval: 300 },
    )
    .toContain(`${size}\r\n`)

test('after a row of fast resizes the program sees the last one', async ({ lab }) => {
  const view = lab.attach((await lab.open()).id)
  for (let n = 0; n < 200; n++) view.type({ cols: 40 + (n % 100), rows: 10 + (n % 40) })
  view.type({ cols: 133, rows: 47 })
  await saysSize(view, '47 133')
})

test('the size of the opening holds without any resize', async ({ lab }) => {
  const { id } = await lab.open({ cols: 101, rows: 31 })
  const view = lab.attach(id)
  await saysSize(view, '31 101')
})

/** What a command of its own in the lab's container says. */
async function inContainer({ engine, container }: TerminalLab, command: string): Promise<string> {
  const exec = { Cmd: ['sh', '-c', command], AttachStdout: true, AttachStderr: true, Tty: true }
  const path = `/containers/${container}/exec`
  const { Id } = await engine.json<{ Id: string }>({ method: 'POST', path, body: exec })
  const { stream } = await engine.hijack({ method: 'POST', path: `/exec/${Id}/start`, body: { Tty: true } })
  let said = ''
  for await (const piece of stream) said += String(piece)
  return said
}

test('a session goes on without clients, and replays to each that comes', async ({ lab }) => {
  const { id } = await lab.open()
  const first = lab.attach(id)
  const wait = 'until [ -e /go ]; do sleep 0.1; done'
  first.type(`echo one-$((1+1)); (${wait}; echo later-$((2+2)); touch /said) &\r`)
  await first.shows('one-2')
  first.detach()
  await first.done
  expect(first.text).not.toContain('later-4')
  await inContainer(lab, 'touch /go')
  await expect.poll(() => inContainer(lab, '[ -e /said ] && echo yes')).toContain('yes')
  const second = lab.attach(id)
  await second.shows(/one-2[\s\S]*later-4/)
  expect(second.items[0]).toMatchObject({ kind: 'replay', droppedBytes: 0, cols: 80, rows: 24 })
  expect(second.replays[0]?.replayBytes).toBeGreaterThan(0)
  const third = lab.attach(id)
  await third.shows('later-4')
  second.type('echo both-$((4+4))\r')
  await second.shows('both-8')
  await third.shows('both-8')
})

test('bytes arrive as the program wrote them', async ({ lab }) => {
  const { id } = await lab.open({ shell: 'sh' })
  const view = lab.attach(id)
  view.type('stty raw -echo; echo rea""dy\r')
  await view.shows('ready')
  const before = view.bytes.length
  view.type("awk 'BEGIN{for(i=0;i<256;i++)printf \"%c\",i}' | head -c 256; echo e''nd\r")
  await view.shows('end')
  const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
  expect(view.bytes.subarray(before).includes(all)).toBe(true)
})
