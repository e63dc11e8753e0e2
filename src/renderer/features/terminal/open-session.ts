import type { EngineId, MachineId, TerminalSession } from '../../../shared/model'
import { act, call } from '../../api'
import { meantEngine } from '../../store/engine-filter'

export interface TerminalTarget {
  readonly kind: 'container' | 'host' | 'machine'
  readonly engine?: EngineId | undefined
  /** Of a session that is opened again the engine names it: both have the same id. */
  readonly machine?: MachineId | undefined
  readonly container?: string | undefined
  /** Empty: found by itself. */
  readonly shell?: string | undefined
  /** Empty: the container's own. */
  readonly user?: string | undefined
}

/** What a program sees until the screen tells its size. */
const firstSize = { cols: 80, rows: 24 }

/** Opens a shell. Rejects with an AppError. */
export async function openSession(target: TerminalTarget): Promise<TerminalSession> {
  return (await call('terminal.open', argsOf(target))).session
}

/** The same, with a failure told in a toast. */
export async function tryOpenSession(target: TerminalTarget): Promise<TerminalSession | undefined> {
  return (await act('terminal.open', argsOf(target)))?.session
}

function argsOf({
  kind,
  engine,
  machine,
  container = '',
  shell = '',
  user = '',
}: TerminalTarget): Parameters<typeof act<'terminal.open'>>[1] {
  if (kind === 'container' && engine !== undefined)
    return { kind: 'container', engine, container, shell, user, ...firstSize }
  const inside = machine ?? engine
  if (kind === 'machine' && inside !== undefined) return { kind: 'machine', machine: inside, ...firstSize }
  // A `docker` that is typed in it goes to an engine that the window shows.
  const meant = engine ?? meantEngine()
  return { kind: 'host', shell, ...(meant !== undefined && { engine: meant }), ...firstSize }
}

/** Opens the same again in place of one that ended, which goes when the new one is there. */
export async function reopenSession(ended: TerminalSession): Promise<TerminalSession | undefined> {
  const opened = await tryOpenSession(ended)
  // It may be gone already, when core was restarted.
  if (opened) await call('terminal.close', { session: ended.id }).catch(() => null)
  return opened
}

/** Ends it and forgets it. One that core does not know any more is gone as wished. */
export const closeSession = (session: TerminalSession): Promise<unknown> =>
  call('terminal.close', { session: session.id }).catch(() => null)
