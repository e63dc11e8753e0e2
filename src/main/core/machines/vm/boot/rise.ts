import { AppError } from '../../../../../shared/errors'
import type { RunningVm, VmSpec } from '../backend'
import type { BootDeps, BootRequest } from './boot-request'
import { within } from './boot-stage'
import { withLines } from './boot-timeline'
import { crashed, GuestConsole } from '../guest/guest-console'

/** A VM on its way up: whatever ends it meanwhile ends the waits for it. */
export interface Rising {
  readonly vm: RunningVm
  readonly console: GuestConsole
  readonly signal: AbortSignal
}

/** Starts the process. The returned signal also ends with the VM, with its end as the reason. */
export async function rise(
  { backend }: Pick<BootDeps, 'backend'>,
  { spec, request }: { spec: VmSpec; request: BootRequest },
): Promise<Rising> {
  const vm = await within(request, 'process', (limit) => backend.start(spec, limit))
  const rising = watchRise(vm, request.signal)
  request.onConsole(rising.console)
  return rising
}

/** Ends the waits for a VM that ends, or whose kernel panics, while it comes up. */
export function watchRise(vm: RunningVm, signal: AbortSignal): Rising {
  const end = new AbortController()
  const console = new GuestConsole(vm)
  if (console.panic) end.abort(crashed(console.panic))
  console.onSaid((said) => {
    if (said.kind === 'panic') end.abort(crashed(said.line))
  })
  vm.onExit(({ reason, code }) => {
    const detail = reason ?? `exit code ${String(code)}`
    end.abort(console.panic ? crashed(console.panic) : ended(detail))
  })
  return { vm, console, signal: AbortSignal.any([signal, end.signal]) }
}

export const ended = (detail: string): AppError =>
  new AppError('machine.ended', 'The machine ended by itself', { facts: { detail: detail.slice(0, 500) } })

/** Ends what did not come up. Answers what was thrown, with the console's last words kept beside it. */
export async function fall({ vm, console }: Rising, thrown: unknown): Promise<unknown> {
  withLines(thrown, console.lines())
  console.close()
  await vm.kill().catch(() => undefined)
  return thrown
}
