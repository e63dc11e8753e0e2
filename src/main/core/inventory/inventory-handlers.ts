import type { Handlers } from '../../../shared/contract'
import type { Json } from '../../../shared/model'
import type { Inventory } from './inventory'

export function inventoryHandlers(inventory: Inventory): Pick<Handlers, 'inventory.watch' | 'engines.info'> {
  return {
    'inventory.watch': ({ isQuiet }, { signal }) => inventory.watch(signal, isQuiet),
    'engines.info': ({ engine }, signal) => inventory.engineOf(engine).json<Json>({ path: '/info', signal }),
  }
}
