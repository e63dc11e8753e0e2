import { startActivity } from './activity'
import { startAgents } from './agents'
import { startInventory } from './inventory'
import { startMachines } from './machines'
import { startSettings } from './settings'
import { startStats } from './stats'

/** Opens what the whole window lives from. Returns what stops all of it. */
export function startStores(): () => void {
  const stops = [
    startSettings(),
    startInventory(),
    startActivity(),
    startStats(),
    startMachines(),
    startAgents(),
  ]
  return () => stops.forEach((stop) => stop())
}
