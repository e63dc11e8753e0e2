import { spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect as dial } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, inject, onTestFinished, test } from 'vitest'
import { agentBinary } from '../../../../testing/agent/agent-binary'
import { busyboxImage, noShellImage } from '../../../../testing/engine/images'
import {
  connect,
  removeContainer,
  startContainer,
  TerminalLab,
} from '../../../../testing/terminals/terminal-lab'
import {
  labWithAgent,
  selfPortrait,
  startAgent,
  startSpecial,
} from '../../../../testing/terminals/terminal-parity'
import { connectAgent, type AgentClient } from '../agent/agent-client'
import { helperRoad } from '../agent/helper-container'
import { demux } from '../engine/demux'
import type { EngineClient } from '../engine/engine'
import type { ConnectedEngine } from '../engine/engine-client'
import { helperLabel } from '../../../shared/model'
import { waitFor } from '../platform/wait-for'
import { runExec } from './exec'

const none = { NetworkMode: 'none' }
const sleeper = ['sleep', '1000000']

async function setUp(body: object = { HostConfig: none }, image = busyboxImage) {
  const engine = (await connect(inject('engineSocket'))) as ConnectedEngine
  const agent = await startAgent()
  const container = await startSpecial(engine, image, { Cmd: sleeper, ...body })
  const lab = labWithAgent(engine, container, agent)
  onTestFinished(async () => {
    await lab.end()
    agent.close()
    await removeContainer(engine, container)
    engine.close()
  })
  return { engine, agent, container, lab }
}

test('a shell is found, echoes what is typed, and ends with its exit code', async () => {
  const { lab } = await setUp()
  const session = await lab.open()
  expect(session).toMatchObject({ shell: 'ash', state: 'open', road: { kind: 'agent' } })
  const view = lab.attach(session.id)
  view.type('echo "he""llo $TERM $LANG $((6*7))"\r')
  await view.shows('hello xterm-256color C.UTF-8 42')
  view.type('exit 7\r')
  await view.done
  expect(view.end).toEqual({ kind: 'ended', exitCode: 7 })
})

test('what is not there is told as the engine’s exec tells it', async () => {
  const { engine, agent, lab } = await setUp()
  await expect(lab.open({ user: 'martian' })).rejects.toMatchObject({
    code: 'request.invalid',
    facts: { problem: 'no-such-user', user: 'martian' },
  })
  await expect(lab.open({ shell: '/bin/zsh' })).rejects.toMatchObject({
    code: 'terminal.no-shell',
    facts: { shell: '/bin/zsh' },
  })
  const bare = await startContainer(engine, noShellImage)
  onTestFinished(async () => void (await removeContainer(engine, bare)))
  await expect(labWithAgent(engine, bare, agent).open()).rejects.toMatchObject({ code: 'terminal.no-shell' })
  await expect(lab.open({ container: 'nowhere' })).rejects.toMatchObject({ code: 'object.not-found' })
})

test('a container that has stopped or is paused is refused by the engine itself', async () => {
  const { engine, lab, container } = await setUp()
  await engine.json({ method: 'POST', path: `/containers/${container}/pause` })
  await expect(lab.open()).rejects.toMatchObject({ code: 'object.conflict' })
  await engine.json({ method: 'POST', path: `/containers/${container}/unpause` })
  await engine.json({ method: 'POST', path: `/containers/${container}/kill` })
  await expect(lab.open()).rejects.toMatchObject({ code: 'object.conflict' })
})

test('after a row of fast resizes the program sees the last one', async () => {
  const { lab } = await setUp()
  const { id } = await lab.open({ cols: 101, rows: 31 })
  const view = lab.attach(id)
  view.type('stty size\r')
  await view.shows('31 101')
  for (let n = 0; n < 200; n++) view.type({ cols: 40 + (n % 100), rows: 10 + (n % 40) })
  view.type({ cols: 133, rows: 47 })
  await expect
    .poll(
      () => {
        view.type('stty size\r')
        return view.text
      },
      { timeout: 30_000, interval: 200 },
    )
    .toContain('47 133')
})

test('every byte arrives as it was written, both ways', async () => {
  const { lab } = await setUp()
  const view = lab.attach((await lab.open({ shell: 'sh' })).id)
  view.type('stty raw -echo; echo rea""dy; head -c 256 | od -An -tu1 -v; echo o""ver\r')
  await view.shows('ready')
  const all = Buffer.from(Array.from({ length: 256 }, (_, n) => n))
  view.type(all)
  await view.shows('over')
  const read = view.text.slice(view.text.indexOf('ready') + 5, view.text.indexOf('over')).match(/\d+/g)
  expect(read?.map(Number)).toEqual([...all])
  view.type("awk 'BEGIN{for(i=0;i<256;i++)printf \"%c\",i}' | head -c 256; echo fi''n\r")
  await view.shows('fin')
  expect(view.bytes.includes(all)).toBe(true)
})

test('a flood waits for its only reader, and no byte of it is lost', async () => {
  const { lab } = await setUp()
  const view = lab.attach((await lab.open()).id)
  await view.shows('#')
  view.isSlow = true
  view.type('seq 1 300000; echo do""ne\r')
  await expect
    .poll(
      () => {
        view.next()
        return view.text.includes('done\r\n')
      },
      { timeout: 60_000, interval: 5 },
    )
    .toBe(true)
  const numbers = view.text.match(/^\d+\r$/gm)?.map((line) => parseInt(line, 10)) ?? []
  expect(numbers).toEqual(Array.from({ length: 300_000 }, (_, n) => n + 1))
}, 90_000)

test('closing ends the shell and what runs in its foreground, also one that ignores the hangup', async () => {
  const { lab } = await setUp()
  const { id } = await lab.open()
  lab.attach(id).type('sleep 4321\r')
  await expect.poll(() => lab.processes(), { timeout: 20_000 }).toContain('sleep 4321')
  await lab.close(id)
  await expect.poll(() => lab.processes(), { timeout: 20_000 }).toEqual(['sleep 1000000'])
  const stubborn = await lab.open()
  const view = lab.attach(stubborn.id)
  view.type("trap '' HUP TERM; echo dea''f\r")
  await view.shows('deaf')
  await lab.close(stubborn.id)
  await expect.poll(() => lab.processes(), { timeout: 20_000 }).toEqual(['sleep 1000000'])
})

test('a container that dies ends its terminals', async () => {
  const { lab, engine, container } = await setUp()
  const view = lab.attach((await lab.open()).id)
  await view.shows('#')
  await engine.json({ method: 'POST', path: `/containers/${container}/kill` })
  await view.done
  expect(view.end).toEqual({ kind: 'ended', exitCode: 137 })
})

test('a container without a devpts is refused, and so is one whose devpts is something else', async () => {
  const { agent, engine, lab, container } = await setUp({
    HostConfig: { ...none, Tmpfs: { '/dev/pts': '' } },
  })
  const { State } = await engine.json<{ State: { Pid: number } }>({ path: `/containers/${container}/json` })
  const asked = { container, pid: State.Pid, command: ['sh'], cols: 80, rows: 24 }
  const refused = () => agent.call('terminals.open', asked)
  expect(await refused()).toMatchObject({ refused: { reason: 'devpts' } })
  // The engine's exec is asked, which may have nowhere to open one either: then it says so.
  expect((await lab.open()).road).toEqual({ kind: 'api', refused: 'devpts' })
  for (const trap of ['mkfifo /dev/pts/ptmx', 'rm /dev/pts/ptmx; cp /bin/busybox /dev/pts/ptmx']) {
    await runIn(engine, container, trap)
    expect(await refused()).toMatchObject({ refused: { reason: 'devpts' } })
  }
})

async function runIn(engine: EngineClient, container: string, script: string): Promise<void> {
  const command = ['sh', '-c', script]
  const ran = await runExec(engine, { container, command, user: '' }, new AbortController().signal)
  expect(ran.exitCode).toBe(0)
}

test('a hundred terminals stand open side by side, and none is left behind', async () => {
  const { agent, container, engine } = await setUp()
  const labs = [labWithAgent(engine, container, agent), labWithAgent(engine, container, agent)]
  onTestFinished(() => Promise.all(labs.map((lab) => lab.end())).then(() => undefined))
  const views = await Promise.all(
    Array.from({ length: 100 }, async (_, n) => {
      const lab = labs[n % 2] as TerminalLab
      const view = lab.attach((await lab.open()).id)
      view.type(`echo mark-$((1000+${n}))-\r`)
      await view.shows(`mark-${1000 + n}-`)
      return view
    }),
  )
  expect(await agent.call<object[]>('terminals.list', {})).toHaveLength(100)
  expect(views).toHaveLength(100)
  const { rssBytes } = await agent.call<{ rssBytes: number }>('agent.facts', {})
  expect(rssBytes).toBeLessThan(64 << 20)
  await Promise.all(labs.map((lab) => lab.end()))
  await expect.poll(() => labs[0]?.processes(), { timeout: 30_000 }).toEqual(['sleep 1000000'])
}, 120_000)

test('an agent that is killed ends its terminals with why, and the next one goes through the API', async () => {
  const { engine, container } = await setUp()
  for (let round = 0; round < 3; round++) {
    const agent = await startAgent()
    let now: AgentClient | undefined = agent
    agent.onClosed(() => (now = undefined))
    const lab = new TerminalLab(engine, container, () => now)
    const { pid } = await agent.call<{ pid: number }>('agent.facts', {})
    const view = lab.attach((await lab.open()).id)
    view.type('while :; do seq 1 1000; done\r')
    await waitFor(() => view.bytes.length > round * 50_000, { timeoutMs: 20_000, what: 'some output' })
    const closing = round % 2 === 1 ? lab.open().catch((error: unknown) => error) : undefined
    process.kill(pid, 'SIGKILL')
    await closing
    await view.done
    expect(view.end).toMatchObject({ kind: 'ended', error: { code: 'terminal.agent-lost' } })
    expect((await lab.open()).road).toEqual({ kind: 'api' })
    await lab.end()
  }
  const rest = new TerminalLab(engine, container)
  await expect.poll(() => rest.processes(), { timeout: 30_000 }).toEqual(['sleep 1000000'])
}, 180_000)

/** An agent as a service: it goes on when a road to it breaks. */
async function serviceAgent(): Promise<() => Promise<AgentClient>> {
  const dir = mkdtempSync(join(tmpdir(), 'slt-'))
  const socket = join(dir, 's')
  const service = spawn(agentBinary().path, ['-socket', socket], { stdio: 'ignore' })
  onTestFinished(() => {
    service.kill()
    rmSync(dir, { recursive: true })
  })
  const open = async (): Promise<AgentClient> => connectAgent(dial(socket))
  const first = await waitFor(() => open().catch(() => undefined), { timeoutMs: 10_000, what: 'the service' })
  first.close()
  return open
}

test('a road that breaks leaves the terminal as it is: nothing is lost and nothing comes twice', async () => {
  const { engine, container } = await setUp()
  const open = await serviceAgent()
  let now: AgentClient | undefined = await open()
  const lab = new TerminalLab(engine, container, () => now)
  onTestFinished(() => lab.end())
  const view = lab.attach((await lab.open()).id)
  view.type(
    'stty -echo; n=0; while [ $n -lt 2000 ]; do n=$((n+1)); echo =$n; usleep 1000; done; echo al""l\r',
  )
  await view.shows('=200\r')
  const broken = now
  now = undefined
  broken.close()
  view.type('echo typed-$((40+2))\r')
  now = await open()
  await view.shows('all')
  await view.shows('typed-42')
  const numbers = view.text.match(/^=\d+/gm)?.map((line) => Number(line.slice(1)))
  expect(numbers).toEqual(Array.from({ length: 2000 }, (_, n) => n + 1))
}, 60_000)

test('an opening that is called off as the shell starts ends, and leaves no terminal', async () => {
  const { engine, agent, container } = await setUp()
  const opening = new AbortController()
  const calledOff: AgentClient = {
    ...agent,
    call: async <T>(method: string, args: object) => {
      const answer = await agent.call<T>(method, args)
      if (method === 'terminals.open') opening.abort()
      return answer
    },
  }
  const lab = labWithAgent(engine, container, calledOff)
  await expect(lab.open({}, opening.signal)).rejects.toMatchObject({ code: 'cancelled' })
  await expect.poll(() => agent.call<unknown[]>('terminals.list', {}), { timeout: 20_000 }).toEqual([])
})

test('the helper beside an engine opens the same, and leaves to the engine what it has no rights to', async () => {
  const { engine, container } = await setUp()
  const strong = await startSpecial(engine, busyboxImage, { HostConfig: { ...none, CapAdd: ['NET_ADMIN'] } })
  const road = helperRoad({ engine, binary: agentBinary(), owner: 'terminals', demux })
  const agent = await startAgent(road)
  const byExec = new TerminalLab(engine, container)
  const byAgent = labWithAgent(engine, container, agent)
  onTestFinished(async () => {
    await Promise.all([byExec.end(), byAgent.end()])
    agent.close()
    await removeContainer(engine, strong)
    // It removes itself, a moment after its end; the files after this one count helpers.
    const query = { all: 1, filters: { label: [`${helperLabel}=agent`] } }
    const hasGone = async () =>
      (await engine.json<object[]>({ path: '/containers/json', query })).length === 0
    await waitFor(hasGone, { timeoutMs: 20_000, what: 'no helper' })
  })
  const theirs = await selfPortrait(byExec)
  expect((await byAgent.open()).road).toEqual({ kind: 'agent' })
  expect(await selfPortrait(byAgent)).toEqual(theirs)
  expect((await byAgent.open({ container: strong })).road).toEqual({ kind: 'api', refused: 'capabilities' })
}, 60_000)
