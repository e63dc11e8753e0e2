import { expect, test } from 'vitest'
import type { EngineId, SessionId, TerminalSession } from '../../../shared/model'
import type { Shell, ShellListener } from './session'
import { Sessions } from './sessions'

const machine = 'm-1' as EngineId

function shell(): { shell: Shell; end: () => void } {
  let listener: ShellListener | undefined
  const nothing = (): void => undefined
  const end = (): void => listener?.onEnd({ exitCode: 0 })
  const made: Shell = {
    listen: (one) => void (listener = one),
    write: () => Promise.resolve(),
    ...{ resize: nothing, pause: nothing, resume: nothing },
    kill: () => Promise.resolve(end()),
  }
  return { shell: made, end }
}

const info = (id: string, change: Partial<TerminalSession>): TerminalSession => ({
  ...{ id: id as SessionId, kind: 'machine', engine: machine, title: 'vm', shell: 'sh', user: 'root' },
  ...{ startedAtMs: 0, cols: 80, rows: 24, state: 'open' },
  ...change,
})

test('a machine is in use while a terminal of its own is open in it, and no longer', () => {
  const sessions = new Sessions()
  expect(sessions.isOpenIn(machine)).toBe(false)
  const { shell: own, end } = shell()
  sessions.add(info('a', {}), own)
  expect(sessions.isOpenIn(machine)).toBe(true)
  expect(sessions.isOpenIn('m-2' as EngineId)).toBe(false)
  end()
  expect(sessions.isOpenIn(machine)).toBe(false)
})

test('a terminal of a container or of this host is no use of the machine by itself', () => {
  const sessions = new Sessions()
  sessions.add(info('a', { kind: 'container', container: 'c' }), shell().shell)
  sessions.add(info('b', { kind: 'host' }), shell().shell)
  expect(sessions.isOpenIn(machine)).toBe(false)
})
