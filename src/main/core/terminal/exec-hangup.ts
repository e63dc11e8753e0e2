import type { EngineClient } from '../engine/engine'
import { runExec } from './exec'

/** In the environment of a terminal's shell: how we find that shell again from inside its container. */
export const markerName = 'SLIPWAY_TERMINAL'

/**
 * The engine has no call to end an exec, and closing the connection leaves the shell running for ever
 * (measured on 20.10: destroyed or half-closed, the process stays). A hangup signal to the shell ends it and
 * what runs in its foreground, as closing a terminal window does.
 *
 * The shell is the process with our marker that came from outside the container: its parent is 0 in the
 * container's own process space. `read` on stat is enough, as names of shells have no space.
 */
const script = `for p in /proc/[0-9]*; do
  read -r pid _ _ parent _ < "$p/stat" || continue
  [ "$parent" = 0 ] && grep -q "${markerName}=$1" "$p/environ" && kill -s "$2" "$pid" && echo sent
done 2>/dev/null; true`

export interface HangUp {
  readonly container: string
  readonly user: string
  readonly marker: string
  readonly signal: 'HUP' | 'KILL'
}

/** Sends a signal to the shell of a terminal. False: it is not there, not yet there, or the container has no `sh`. */
export async function signalShell(
  engine: EngineClient,
  { container, user, marker, signal }: HangUp,
  abort: AbortSignal,
): Promise<boolean> {
  const command = ['sh', '-c', script, 'sh', marker, signal]
  const { output } = await runExec(engine, { container, user, command }, abort)
  return output.includes('sent')
}
