import { randomUUID } from 'node:crypto'
import { basename } from 'node:path'
import type { CheckedArgs, Handlers } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { EngineId, SessionId, TerminalSession } from '../../../shared/model'
import type { AgentFor } from '../agent/agents'
import type { EngineOf } from '../engine/engine'
import { findShells } from './find-shells'
import { hostEnv } from './host-env'
import { HostShell, hostShellPath } from './host-shell'
import { MachineShell, type FarShell } from './machine-shell'
import { openContainerShell } from './open-container-shell'
import type { Shell, Size } from './session'
import { Sessions } from './sessions'

export interface TerminalDeps {
  readonly engineOf: EngineOf
  /** Absent: all of it goes through the Engine API. */
  readonly agentFor?: AgentFor
  /** What makes the docker CLI of this host reach an engine: `DOCKER_HOST`, and TLS variables where it needs them. */
  readonly dockerEnvOf: (engine: EngineId) => Readonly<Record<string, string>>
  /** A program with a terminal where an engine lives: in a VM of ours, on a host over SSH. */
  readonly shellOf: ShellOf
}

export type ShellOf = (
  machine: EngineId,
  what: { readonly size: Size; readonly argv?: readonly string[] },
  signal: AbortSignal,
) => Promise<FarShell & { readonly name: string }>

export interface Terminals {
  readonly handlers: Pick<
    Handlers,
    'terminal.open' | 'terminal.attach' | 'terminal.close' | 'terminal.watch' | 'terminal.shells'
  >
  /** Whether somebody has a shell open in a machine's or host's own home: it is used, whatever its engine does. */
  isOpenIn(engine: EngineId): boolean
  /** Ends all shells; for the end of core. */
  closeAll(): Promise<void>
}

type OpenArgs = CheckedArgs<'terminal.open'>
type ContainerArgs = Extract<OpenArgs, { kind: 'container' }>
type HostArgs = Extract<OpenArgs, { kind: 'host' }>
type MachineArgs = Extract<OpenArgs, { kind: 'machine' }>
type Opened = { readonly shell: Shell; readonly info: TerminalSession }

const now = (): number => Date.now()

export function createTerminals(deps: TerminalDeps): Terminals {
  const sessions = new Sessions()
  return {
    isOpenIn: (engine) => sessions.isOpenIn(engine),
    closeAll: () => sessions.closeAll(),
    handlers: {
      'terminal.open': async (args, signal) => {
        sessions.makeRoom()
        const id = randomUUID() as SessionId
        const opened = await open(deps, { id, args }, signal)
        // The window went away while the shell was starting: nobody will ever close it.
        if (signal.aborted) {
          // Only a shell that is listened to knows of its end.
          opened.shell.listen({ onData: () => undefined, onEnd: () => undefined })
          await opened.shell.kill()
          throw new AppError('cancelled', 'Cancelled')
        }
        return { session: sessions.add(opened.info, opened.shell) }
      },
      'terminal.attach': ({ session }, { signal, input }) => sessions.find(session).attach(input, signal),
      'terminal.close': async ({ session }) => {
        await sessions.close(session)
        return null
      },
      'terminal.watch': (_, { signal }) => sessions.watch(signal),
      'terminal.shells': async ({ engine, container }, signal) => ({
        shells: await findShells(deps.engineOf(engine), { container, user: '' }, signal),
      }),
    },
  }
}

function open(
  deps: TerminalDeps,
  { id, args }: { id: SessionId; args: OpenArgs },
  signal: AbortSignal,
): Opened | Promise<Opened> {
  if (args.kind === 'host') return openHost(deps, id, args)
  if (args.kind === 'machine') return openMachine(deps, { id, args }, signal)
  return openContainer(deps, { id, args }, signal)
}

async function openMachine(
  { shellOf }: TerminalDeps,
  { id, args }: { id: SessionId; args: MachineArgs },
  signal: AbortSignal,
): Promise<Opened> {
  const { command } = args
  const size = { cols: args.cols, rows: args.rows }
  const far = await shellOf(args.machine, { size, ...(command.length > 0 && { argv: command }) }, signal)
  const info: TerminalSession = {
    id,
    kind: 'machine',
    engine: args.machine,
    title: tabName(far.name),
    shell: command.join(' '),
    user: '',
    startedAtMs: now(),
    ...size,
    state: 'open',
  }
  return { shell: new MachineShell(far), info }
}

function openHost({ dockerEnvOf }: TerminalDeps, id: SessionId, args: HostArgs): Opened {
  const path = hostShellPath(args.shell)
  const size = { cols: args.cols, rows: args.rows }
  const env = hostEnv(process.env, args.engine && dockerEnvOf(args.engine))
  const shell = new HostShell({ shell: path, env, size })
  const info: TerminalSession = {
    id,
    kind: 'host',
    ...(args.engine && { engine: args.engine }),
    title: basename(path),
    shell: path,
    user: '',
    startedAtMs: now(),
    ...size,
    state: 'open',
  }
  return { shell, info }
}

async function openContainer(
  { engineOf, agentFor }: TerminalDeps,
  { id, args }: { id: SessionId; args: ContainerArgs },
  signal: AbortSignal,
): Promise<Opened> {
  const size = { cols: args.cols, rows: args.rows }
  const agentNow = () => agentFor?.(args.engine, 'terminals.open')
  const agent = agentNow()
  const host = { engine: engineOf(args.engine), ...(agent && { agent: { agent, agentNow } }) }
  const opened = await openContainerShell(host, { ...args, size, marker: id }, signal)
  const info: TerminalSession = {
    id,
    kind: 'container',
    engine: args.engine,
    container: opened.container,
    title: `${tabName(opened.name)} — ${basename(opened.program)}`,
    shell: opened.program,
    user: args.user,
    road: opened.road,
    startedAtMs: now(),
    ...size,
    state: 'open',
  }
  return { shell: opened.shell, info }
}

const maxTitle = 100

/** Names come from an engine that may not be ours: no control or direction characters, no novel. */
const tabName = (name: string): string =>
  name.replace(/[\u0000-\u001f\u007f-\u009f\u200e\u200f\u202a-\u202e\u2066-\u2069]/g, '').slice(0, maxTitle)
