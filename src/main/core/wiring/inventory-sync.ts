import type { EngineAddress, EngineId } from '../../../shared/model'
import type { EngineSource } from '../engine/connection'
import { addressText, dialAddress } from '../engine/dial'
import type { Dial } from '../engine/engine'
import type { Inventory } from '../inventory/inventory'
import type { KnownEngine, MachinesView } from '../machines/machines'

/** Keeps the inventory's engines those that the machines know; what has not changed keeps its connection. */
export function inventorySync(inventory: Inventory): (view: MachinesView) => void {
  const added = new Map<EngineId, string>()
  const held = new Set<EngineId>()
  return ({ engines, roads }) => {
    const known = new Set(engines.map(({ id }) => id))
    for (const id of added.keys()) {
      if (known.has(id)) continue
      inventory.remove(id)
      added.delete(id)
      held.delete(id)
    }
    for (const engine of engines) {
      const { id, name, origin, address, isOurs, state } = engine
      const mark = JSON.stringify([name, origin, address, isOurs])
      if (added.get(id) !== mark) inventory.add(sourceOf(engine))
      added.set(id, mark)
      // A start that failed is told by its machine like one that has not ended: both are its to mend.
      if (state) inventory.setState(id, state as Parameters<Inventory['setState']>[1])
      else if (held.has(id)) inventory.setState(id, undefined)
      if (state) held.add(id)
      else held.delete(id)
    }
    inventory.setRoads(roads)
  }
}

/** An address that the engine's client cannot dial always comes with core's own road. */
const plainDial = (address: EngineAddress): Dial => {
  if (address.kind !== 'ssh') return dialAddress(address)
  throw new Error('an engine over SSH without its tunnel')
}

const sourceOf = ({ id, name, origin, address, isOurs, dial }: KnownEngine): EngineSource => ({
  ...{ id, name, origin, isOurs, address: addressText(address), dial: dial ?? plainDial(address) },
  // A road of core's own does not begin with the socket: its file says nothing about it.
  ...(address.kind === 'unix' && !dial && { socketPath: address.path }),
})
