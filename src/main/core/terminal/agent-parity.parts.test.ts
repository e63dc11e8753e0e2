import { execFile } from 'node:child_process'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, expect, inject, onTestFinished, test } from 'vitest'
import { busyboxImage } from '../../../../testing/engine/images'
import { connect, removeContainer, TerminalLab } from '../../../../testing/terminals/terminal-lab'
import {
  labWithAgent,
  selfPortrait,
  startAgent,
  startSpecial,
} from '../../../../testing/terminals/terminal-parity'
import type { AgentClient } from '../agent/agent-client'
import type { EngineClient } from '../engine/engine'

let engine: EngineClient
let agent: AgentClient
beforeAll(async () => {
  engine = await connect(inject('engineSocket'))
  agent = await startAgent()
})
afterAll(() => {
  agent.close()
})

const none = { NetworkMode: 'none' }
/** What people run containers with, as far as it shows in a process. */
const kinds: Record<string, { body: object; user?: string }> = {
  plain: { body: { HostConfig: none } },
  'a user': { body: { User: 'nobody', HostConfig: none } },
  'numbers for a user': { body: { User: '1234:5678', HostConfig: { ...none, GroupAdd: ['7', 'nobody'] } } },
  'another user in the terminal': { body: { HostConfig: none }, user: 'nobody' },
  'numbers in the terminal': {
    body: { User: 'nobody', HostConfig: { ...none, GroupAdd: ['7'] } },
    user: '77:88',
  },
  'root in the terminal': { body: { User: 'nobody', HostConfig: none }, user: 'root' },
  'no capabilities': { body: { HostConfig: { ...none, CapDrop: ['ALL'] } } },
  'some capabilities': {
    body: { HostConfig: { ...none, CapDrop: ['CHOWN', 'MKNOD'], CapAdd: ['NET_ADMIN'] } },
  },
  // Privileged is refused where the machine itself lacks a capability: this is as much as any machine gives.
  'many capabilities and no filter': {
    body: {
      HostConfig: {
        ...none,
        ...{
          CapAdd: ['SYS_ADMIN', 'SYS_PTRACE', 'NET_ADMIN', 'SYS_TIME', 'SYS_CHROOT'],
          CgroupnsMode: 'host',
        },
        ...{ SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'], MaskedPaths: [], ReadonlyPaths: [] },
      },
    },
  },
  'a read-only root': {
    body: { HostConfig: { ...none, ReadonlyRootfs: true, Tmpfs: { '/tmp': 'exec' } } },
  },
  'a working folder': { body: { WorkingDir: '/etc', HostConfig: none } },
  'variables and a terminal': {
    body: {
      Tty: true,
      Env: ['A=1', 'HOME=/tmp', 'PATH=/bin:/opt', 'LANG=ko_KR.UTF-8', 'E='],
      HostConfig: none,
    },
  },
  'the host’s network': { body: { HostConfig: { NetworkMode: 'host' } } },
  'the host’s processes': { body: { HostConfig: { ...none, PidMode: 'host' } } },
  'the host’s ipc and name': { body: { HostConfig: { ...none, IpcMode: 'host', UTSMode: 'host' } } },
  'a cgroup namespace': { body: { HostConfig: { ...none, CgroupnsMode: 'private' } } },
  'no new privileges': { body: { HostConfig: { ...none, SecurityOpt: ['no-new-privileges'] } } },
  'no new privileges for a user': {
    body: { User: 'nobody', HostConfig: { ...none, SecurityOpt: ['no-new-privileges'], CapDrop: ['ALL'] } },
  },
  'no filter': { body: { HostConfig: { ...none, SecurityOpt: ['seccomp=unconfined'] } } },
  limits: {
    body: {
      HostConfig: {
        ...none,
        ...{ Memory: 100 << 20, PidsLimit: 50, OomScoreAdj: 321, CpusetCpus: '0' },
        Ulimits: [
          { Name: 'nofile', Soft: 111, Hard: 222 },
          { Name: 'core', Soft: 5, Hard: 6 },
        ],
      },
    },
  },
  'a group of its own': { body: { HostConfig: { ...none, CgroupParent: '/slipway-test-parent' } } },
}

const portraitsAgree = async (body: object, user?: string): Promise<void> => {
  const container = await startSpecial(engine, busyboxImage, body)
  const byExec = new TerminalLab(engine, container)
  const byAgent = labWithAgent(engine, container, agent)
  try {
    const opening = user === undefined ? {} : { user }
    const theirs = await selfPortrait(byExec, opening)
    const { road } = await byAgent.open(opening)
    expect(road).toEqual({ kind: 'agent' })
    const ours = await selfPortrait(byAgent, opening)
    expect(theirs.length).toBeGreaterThan(50)
    expect(ours).toEqual(theirs)
  } finally {
    await Promise.all([byExec.end(), byAgent.end()])
    await removeContainer(engine, container)
  }
}

test.for(Object.entries(kinds))(
  'with %s a terminal of the agent’s is what the engine’s exec makes',
  ([, { body, user }]) => portraitsAgree(body, user),
)

test('with a first process that allows itself all a terminal has the container’s own filter', async () => {
  const dir = await mkdtemp(join(tmpdir(), 'slipway-filter-'))
  onTestFinished(() => rm(dir, { recursive: true, force: true }))
  const source = join(import.meta.dirname, '../../../../testing/terminals/second-filter.go')
  const env = { ...process.env, CGO_ENABLED: '0', GOFLAGS: '', GOWORK: 'off' }
  await promisify(execFile)('go', ['build', '-o', join(dir, 'filter'), source], { env })
  await portraitsAgree({
    Cmd: ['/second/filter'],
    HostConfig: { ...none, Binds: [`${dir}:/second:ro`] },
  })
})
