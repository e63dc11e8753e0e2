import type { Client } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { Machine, MachineId } from '../../../shared/model'

/** All machines now: the first item of their feed. */
export async function machinesOf(client: Client): Promise<readonly Machine[]> {
  for await (const machines of client.stream('machines.watch', {})) return machines
  throw new AppError('stream.broken', 'The list of machines ended before it began')
}

/** The machine of that name or id; without one the only machine there is. */
export function findMachine(machines: readonly Machine[], asked: string | undefined): Machine {
  if (asked !== undefined) {
    const found = machines.find(({ settings, id }) => settings.name === asked || id === asked)
    if (found) return found
    throw new AppError('machine.unknown', `There is no machine ${asked}`, { facts: { name: asked } })
  }
  const [only, second] = machines
  if (!only)
    throw new AppError('machine.unknown', 'There is no machine: make one with slipway machine create')
  if (second)
    throw new AppError(
      'input.invalid',
      `There are ${machines.length} machines: name one of ${machines.map(({ settings }) => settings.name).join(', ')}`,
    )
  return only
}

/** Tells each new state of one machine until the signal ends it. */
export async function followMachine(
  client: Client,
  id: MachineId,
  more: { readonly signal: AbortSignal; readonly onState: (machine: Machine) => void },
): Promise<void> {
  const stream = client.stream('machines.watch', {})
  const cancel = (): void => stream.cancel()
  more.signal.addEventListener('abort', cancel, { once: true })
  try {
    for await (const machines of stream) {
      if (more.signal.aborted) return
      const machine = machines.find((one) => one.id === id)
      if (machine) more.onState(machine)
    }
  } finally {
    more.signal.removeEventListener('abort', cancel)
  }
}
