import type { Handlers, Reply } from '../../../shared/contract'
import { AppError } from '../../../shared/errors'
import type { EngineAddress, EngineId } from '../../../shared/model'
import type { AddedEngine } from '../../../shared/model/settings'
import { addressText } from './local/find-engines'
import { withoutUndefined, type Machines } from './machines'

export interface MachineDeps {
  readonly machines: Machines
  /** Remembers and forgets in the settings; `machines` sees it there. */
  readonly addEngine: (engine: AddedEngine) => Promise<unknown>
  readonly removeEngine: (id: EngineId) => Promise<unknown>
  /** All that is not reached, hosts over SSH too, or one engine. */
  readonly retry?: (engine: EngineId | undefined) => void
  readonly test: (address: EngineAddress, signal: AbortSignal) => Promise<Reply<'engines.test'>>
}

type MachineCalls = Pick<
  Handlers,
  `engines.${'add' | 'remove' | 'test' | 'start' | 'stop' | 'restart' | 'retry' | 'log'}`
>

/** A list that a person looks through; more is a mistake. */
const maxAdded = 50

export function machineHandlers(deps: MachineDeps): MachineCalls {
  const { machines, addEngine, removeEngine, test, retry } = deps
  return {
    'engines.add': async ({ name, address }) => {
      refuseDouble(machines, withoutUndefined(address))
      const id = machines.newId()
      await addEngine({ id, name, address })
      return { engine: id as EngineId }
    },
    'engines.remove': async ({ engine }) => {
      const known = machines.view.engines.find(({ id }) => id === engine)
      if (known?.origin !== 'added')
        throw new AppError('engine.unknown', 'No engine that was added has this id', { facts: { engine } })
      await removeEngine(engine)
      return null
    },
    'engines.test': ({ address }, signal) => test(withoutUndefined(address), signal),
    'engines.start': async ({ engine }) => {
      await machines.ownEngine(engine).start()
      return null
    },
    'engines.stop': async ({ engine }) => {
      await machines.ownEngine(engine).stop()
      return null
    },
    'engines.restart': async ({ engine }) => {
      await machines.ownEngine(engine).restart()
      return null
    },
    'engines.retry': async ({ engine }) => {
      retry?.(engine)
      if (engine === undefined) await machines.find()
      return null
    },
    'engines.log': async ({ engine }) => ({ lines: await machines.ownEngine(engine).logLines() }),
  }
}

/** The same engine twice would show each object twice. */
function refuseDouble(machines: Machines, address: EngineAddress): void {
  const { engines } = machines.view
  const text = addressText(address)
  const same = engines.find((engine) => addressText(engine.address) === text)
  if (same)
    throw new AppError('input.invalid', `${text} is in the list already`, {
      facts: { path: 'address', problem: 'known', name: same.name },
    })
  if (engines.length > maxAdded)
    throw new AppError('input.invalid', 'The list of engines is full', {
      facts: { path: 'address', problem: 'too-many', max: maxAdded },
    })
}
