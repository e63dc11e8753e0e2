import { createHash } from 'node:crypto'
import type { Duplex, Readable } from 'node:stream'
import { expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage, testImage } from '../../../../testing/engine/images'
import { startTestEngine } from '../../../../testing/engine/start-engine'
import { plainEngine } from '../../../../testing/plain-engine/plain-engine'
import { AppError } from '../../../shared/errors'
import type { EngineId, LogItem } from '../../../shared/model'
import { dialUnix } from '../engine/dial'
import type { EngineClient } from '../engine/engine'
import { connectEngine } from '../engine/engine-client'
import { waitFor } from '../platform/wait-for'
import { LogFollower, type LogRequest } from './log-follower'
import { maxLineBytes } from './log-assembler'
import { readLogText } from './log-text'

async function start(engine: EngineClient, script: string, more: object = {}): Promise<string> {
  const body = {
    Image: busyboxImage,
    Cmd: ['sh', '-c', script],
    HostConfig: { NetworkMode: 'none' },
    ...more,
  }
  const { Id: id } = await engine.json<{ Id: string }>({ method: 'POST', path: '/containers/create', body })
  onTestFinished(() =>
    engine.json({ method: 'DELETE', path: `/containers/${id}`, query: { force: true } }).then(
      () => undefined,
      () => undefined,
    ),
  )
  await engine.json({ method: 'POST', path: `/containers/${id}/start`, timeoutMs: 60_000 })
  return id
}

const wait = (engine: EngineClient, id: string): Promise<unknown> =>
  engine.json({ method: 'POST', path: `/containers/${id}/wait` })

type Options = Partial<LogRequest>
const follow = (engine: EngineClient, id: string, options: Options = {}): AsyncGenerator<LogItem> => {
  const request = { id, follow: true, timestamps: true, ...options }
  return new LogFollower(() => ({ engine }), request, new AbortController().signal).items()
}

interface Said {
  lines: string[]
  times: string[]
  sources: string
  kinds: string[]
  exitCode?: number
  cut: number[]
}

async function collect(items: AsyncIterable<LogItem>): Promise<Said> {
  const said: Said = { lines: [], times: [], sources: '', kinds: [], cut: [] }
  for await (const item of items) {
    if (item.kind !== 'lines') said.kinds.push(item.kind)
    if (item.kind === 'ended' && item.exitCode !== undefined) said.exitCode = item.exitCode
    if (item.kind !== 'lines') continue
    for (const line of item.lines) said.lines.push(line)
    for (const time of item.times) said.times.push(time)
    said.sources += item.sources
    for (const { bytes } of item.cut ?? []) said.cut.push(bytes)
  }
  return said
}

const shared = (): EngineClient => plainEngine(inject('engineSocket'))

test('stdout and stderr are told apart and the end tells the exit code', async () => {
  const engine = shared()
  const id = await start(engine, 'echo out; echo err >&2; sleep 1; printf "가\\r\\n"; exit 3')
  const said = await collect(follow(engine, id))
  expect(said.kinds).toEqual(['ended'])
  expect(said.exitCode).toBe(3)
  expect([...said.lines].sort()).toEqual(['err', 'out', '가'])
  expect(said.sources[said.lines.indexOf('err')]).toBe('e')
  expect(said.sources[said.lines.indexOf('out')]).toBe('o')
  expect(said.times.every((time) => /^\d{4}-.*Z$/.test(time))).toBe(true)
})

test('a TTY log has no frames and reads the same', async () => {
  const engine = shared()
  const id = await start(engine, 'echo one; echo two', { Tty: true })
  const said = await collect(follow(engine, id, { timestamps: false }))
  expect(said).toMatchObject({ lines: ['one', 'two'], times: [], sources: 'oo', exitCode: 0 })
})

test('a 20 MB line is one line, cut, with its size', async () => {
  const engine = shared()
  const size = 20 * 1024 * 1024
  const id = await start(engine, `head -c ${size} /dev/zero | tr '\\0' x; echo; echo after`)
  const said = await collect(follow(engine, id))
  expect(said.lines.map((line) => line.length)).toEqual([maxLineBytes, 5])
  expect(said.cut).toEqual([size])
  expect(said.lines[0]).toMatch(/^x+$/)
})

test('a 1 MB line of a TTY is one line too', async () => {
  const engine = shared()
  const id = await start(engine, `head -c 1000000 /dev/zero | tr '\\0' x; echo; echo after`, { Tty: true })
  const said = await collect(follow(engine, id))
  expect(said.lines.map((line) => line.length)).toEqual([maxLineBytes, 5])
  expect(said.cut).toEqual([1_000_000])
})

test('binary and split characters come through as text', async () => {
  const engine = shared()
  const id = await start(engine, `printf '\\377\\000A\\n'; printf '\\354\\225'; sleep 0.3; printf '\\210\\n'`)
  const said = await collect(follow(engine, id))
  expect(said.lines[0]).toBe('\ufffd\0A')
  expect(said.lines[1]).toBe('안')
})

test('200,000 lines arrive, each once and in order; tail gives the last', async () => {
  const engine = shared()
  const id = await start(engine, 'seq 1 200000')
  await wait(engine, id)
  const said = await collect(follow(engine, id, { timestamps: false }))
  expect(said.lines).toHaveLength(200_000)
  expect(said.lines.findIndex((line, i) => line !== String(i + 1))).toBe(-1)
  expect((await collect(follow(engine, id, { tail: 3 }))).lines).toEqual(['199998', '199999', '200000'])
  expect((await collect(follow(engine, id, { tail: 0 }))).lines).toEqual([])
})

test('since and until cut the log by time', async () => {
  const engine = shared()
  // Each line waits until the engine has stamped the one before.
  const script = `trap 'echo b' USR1; trap 'echo c; exit' USR2; echo a; while :; do sleep 0.1; done`
  const id = await start(engine, script)
  const written = async (): Promise<string> =>
    (await collect(follow(engine, id, { follow: false }))).lines.join('')
  for (const [lines, signal] of [
    ['a', 'USR1'],
    ['ab', 'USR2'],
  ] as const) {
    await waitFor(async () => (await written()) === lines, { timeoutMs: 30_000, what: lines })
    await engine.json({ method: 'POST', path: `/containers/${id}/kill`, query: { signal } })
  }
  await wait(engine, id)
  const { times } = await collect(follow(engine, id))
  const [a = 0, b = 0, c = 0] = times.map((time) => Date.parse(time) / 1000)
  expect((await collect(follow(engine, id, { since: (a + b) / 2 }))).lines).toEqual(['b', 'c'])
  expect((await collect(follow(engine, id, { until: (b + c) / 2 }))).lines).toEqual(['a', 'b'])
})

test('a downloaded log is the written one, byte for byte', async () => {
  const engine = shared()
  const id = await start(engine, 'seq 1 50000; printf "no end"')
  await wait(engine, id)
  const hash = createHash('sha256')
  for await (const bytes of readLogText({ engine }, id, { timestamps: false })) hash.update(bytes)
  const want = Array.from({ length: 50_000 }, (_, i) => `${i + 1}\n`).join('') + 'no end'
  expect(hash.digest('hex')).toBe(createHash('sha256').update(want).digest('hex'))
})

test('a missing container is an error at once', async () => {
  await expect(collect(follow(shared(), 'nobody'))).rejects.toMatchObject({ code: 'object.not-found' })
})

/** An engine whose log streams can be asked whether they are closed. */
function watchedEngine(): { engine: EngineClient; streams: Readable[] } {
  const streams: Readable[] = []
  const engine = shared()
  const stream: EngineClient['stream'] = async (asked) => {
    const opened = await engine.stream(asked)
    streams.push(opened)
    return opened
  }
  return { engine: { ...engine, stream }, streams }
}

test('leaving a followed log closes its stream', async () => {
  const { engine, streams } = watchedEngine()
  const id = await start(engine, 'echo up; exec sleep 1000')
  const items = follow(engine, id)
  expect((await items.next()).value).toMatchObject({ lines: ['up'] })
  expect(streams.map((stream) => stream.destroyed)).toEqual([false])
  await items.return(undefined)
  expect(streams.map((stream) => stream.destroyed)).toEqual([true])
})

test('a cancelled follow ends at once and closes its stream', async () => {
  const { engine, streams } = watchedEngine()
  const id = await start(engine, 'echo up; exec sleep 1000')
  const cancel = new AbortController()
  const request = { id, follow: true, timestamps: true }
  const items = new LogFollower(() => ({ engine }), request, cancel.signal).items()
  await items.next()
  const next = items.next()
  cancel.abort()
  await expect(next).rejects.toThrow()
  expect(streams.map((stream) => stream.destroyed)).toEqual([true])
})

test('a restarted container goes on in the same log', async () => {
  const engine = shared()
  const id = await start(engine, 'echo run; exec sleep 1000', { StopTimeout: 0 })
  const items = follow(engine, id)
  expect((await items.next()).value).toMatchObject({ lines: ['run'] })
  await engine.json({ method: 'POST', path: `/containers/${id}/restart`, query: { t: 0 } })
  const next = (await items.next()).value as LogItem
  await items.return(undefined)
  // The engine may keep the stream over a restart, or end it while the container is between its runs.
  expect(next.kind === 'lines' ? next.lines : next).toEqual(['run'])
})

async function killedInTheMiddle(args: string[]): Promise<Said & { written: string[] }> {
  const own = await startTestEngine({ network: 'none', args })
  onTestFinished(() => own.stop())
  await testImage(own.socket)
  const engine = plainEngine(own.socket)
  const id = await start(engine, 'i=0; while [ $i -lt 4000 ]; do i=$((i+1)); echo $i; sleep 0.005; done')
  let restart: Promise<void> | undefined
  let seen = 0
  async function* watched(): AsyncGenerator<LogItem> {
    for await (const item of follow(engine, id)) {
      yield item
      seen += item.kind === 'lines' ? item.lines.length : 0
      if (seen >= 500) restart ??= own.kill9().then(() => own.restart())
    }
  }
  const said = await collect(watched())
  await restart
  let text = ''
  for await (const bytes of readLogText({ engine }, id, { timestamps: false }))
    text += Buffer.from(bytes).toString()
  return { ...said, written: text.split('\n').slice(0, -1) }
}

test('an engine killed in the middle of a log costs no line and doubles none', async () => {
  const said = await killedInTheMiddle(['--live-restore'])
  expect(said.kinds).toEqual(['break', 'resumed', 'ended'])
  expect(said.lines).toEqual(Array.from({ length: 4000 }, (_, i) => String(i + 1)))
  expect(said.exitCode).toBe(0)
}, 240_000)

test('a log over a tunnel that refuses for a while is broken and resumed, with no line lost or doubled', async () => {
  const id = await start(shared(), 'i=0; while [ $i -lt 100 ]; do i=$((i+1)); echo $i; sleep 0.03; done')
  const roads = new Set<Duplex>()
  let isAway = false
  let hasBroken = false
  const plain = dialUnix(inject('engineSocket'))
  const engine = await connectEngine({
    ...{ id: 'far' as EngineId, address: 'ssh://far', signal: new AbortController().signal },
    dial: async (signal) => {
      if (isAway) throw new AppError('tunnel.refused', 'far cannot reach it')
      const road = await plain(signal)
      roads.add(road)
      return road
    },
  })
  onTestFinished(() => engine.close())
  let seen = 0
  async function* watched(): AsyncGenerator<LogItem> {
    for await (const item of follow(engine, id)) {
      yield item
      seen += item.kind === 'lines' ? item.lines.length : 0
      if (seen < 20 || hasBroken) continue
      isAway = hasBroken = true
      for (const road of roads) road.destroy(new AppError('tunnel.lost', 'The link ended'))
      setTimeout(() => (isAway = false), 1_000)
    }
  }
  const said = await collect(watched())
  expect(said.kinds).toEqual(['break', 'resumed', 'ended'])
  expect(said.lines).toEqual(Array.from({ length: 100 }, (_, i) => String(i + 1)))
})

test('a container that died with its engine gives its last lines and says how it ended', async () => {
  const said = await killedInTheMiddle([])
  expect(said.kinds).toEqual(['break', 'resumed', 'ended'])
  expect(said.lines.length).toBeGreaterThanOrEqual(500)
  expect(said.lines).toEqual(said.written)
  expect(said.exitCode).toBe(137)
}, 240_000)
