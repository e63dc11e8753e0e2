import * as v from 'valibot'
import type { TerminalInput, TerminalItem, TerminalSession } from '../model'
import { call, stream } from './define'
import { bytes, cells, engineId, none, objectId, sessionId, text } from './fields'

export const terminal = {
  /** Opens a shell and keeps it in core. `shell` empty: found by itself. */
  'terminal.open': call(
    v.variant('kind', [
      v.object({
        kind: v.literal('container'),
        engine: engineId,
        container: objectId,
        shell: v.optional(text(1024), ''),
        user: v.optional(text(255), ''),
        cols: cells,
        rows: cells,
      }),
      /** Into a machine of ours or a host over SSH: its engine's id. `command` empty: the login shell. */
      v.object({
        kind: v.literal('machine'),
        machine: engineId,
        command: v.optional(v.pipe(v.array(text(32_768)), v.maxLength(256)), []),
        cols: cells,
        rows: cells,
      }),
      v.object({
        kind: v.literal('host'),
        engine: v.optional(engineId),
        shell: v.optional(text(1024), ''),
        cols: cells,
        rows: cells,
      }),
    ]),
  ).gives<{ session: TerminalSession }>(),
  /** First a replay marker and the kept bytes, then live ones; input is keystrokes and sizes. Several may attach. */
  'terminal.attach': stream(
    v.object({ session: sessionId }),
    v.union([bytes, v.object({ cols: cells, rows: cells })]),
  ).of<TerminalItem, TerminalInput>(),
  'terminal.close': call(v.object({ session: sessionId })).gives<null>(),
  /** The sessions, now and whenever one opens, ends, or goes. */
  'terminal.watch': stream(none).of<{ sessions: TerminalSession[] }>(),
  /** Shells that this container has, best first. */
  'terminal.shells': call(v.object({ engine: engineId, container: objectId })).gives<{ shells: string[] }>(),
}
