import { startActivity } from './activity'
import { startInventory } from './inventory'
import { startSettings } from './settings'
import { startStats } from './stats'

/** Opens what the whole window lives from. Returns what stops all of it. */
export function startStores(): () => void {
  const stops = [startSettings(), startInventory(), startActivity(), startStats()]
  return () => stops.forEach((stop) => stop())
}
