import type { MenuItemConstructorOptions } from 'electron'
import type { Client } from '../../shared/contract'
import { applyItem, emptyView, rowsOf } from '../../shared/feed/inventory-view'
import { log } from '../core/platform/log'
import { isHelper, type Machine } from '../../shared/model'
import type { TrayAction, TrayEntry, TrayState } from './tray-menu'

export const emptyTray: TrayState = { engines: [], containers: [], images: [], machines: [], isCoreUp: false }

/** macOS colours the icon itself, and knows it by its name; twice its size lies beside it. */
export const trayIcon = (platform: string): string =>
  platform === 'darwin' ? 'iconTemplate.png' : 'icon.png'

/** The tray's entries as Electron's menu template. */
export function toTemplate(
  entries: readonly TrayEntry[],
  act: (action: TrayAction) => void,
): MenuItemConstructorOptions[] {
  return entries.map((entry) => {
    if (entry.kind === 'separator') return { type: 'separator' }
    if (entry.kind === 'submenu') return { label: entry.label, submenu: toTemplate(entry.entries, act) }
    const { action } = entry
    return action ? { label: entry.label, click: () => act(action) } : { label: entry.label, enabled: false }
  })
}

/**
 * Follows core's inventory for the tray until the connection ends, telling each new state. A missed
 * delta opens the feed anew.
 */
export async function followInventory(
  client: Client,
  onState: (state: Omit<TrayState, 'machines'>) => void,
): Promise<void> {
  let view = emptyView
  for (;;) {
    let isWhole = true
    for await (const item of client.stream('inventory.watch', { isQuiet: true })) {
      const next = applyItem(view, item)
      if (!next) {
        isWhole = false
        break
      }
      view = next
      onState({
        engines: view.engines,
        containers: rowsOf(view, 'containers').filter((row) => !isHelper(row)),
        images: rowsOf(view, 'images').filter((row) => !isHelper(row)),
        isCoreUp: true,
      })
    }
    if (isWhole) return
    log.info('tray', 'A delta was missed: opening the feed anew')
  }
}

/** Follows the machines until the connection ends. */
export async function followMachines(
  client: Client,
  onMachines: (machines: readonly Machine[]) => void,
): Promise<void> {
  for await (const machines of client.stream('machines.watch', {})) onMachines(machines)
}

/** Asks a machine for it; what fails is in Activity and on the machine's page with its words. */
export async function askMachine(
  client: Client,
  { verb, machine }: Extract<TrayAction, { do: 'machine' }>,
): Promise<void> {
  try {
    if (verb === 'start') await client.call('machines.start', { machine })
    else await client.call('machines.stop', { machine, how: verb })
  } catch (error) {
    log.warn('tray', 'A machine did not do what the tray asked', { verb, error: String(error) })
  }
}

/** Runs a container action for each of its objects; what fails is in Activity with its words. */
export async function runTrayAction(
  client: Client,
  action: Extract<TrayAction, { do: 'act' }>,
): Promise<void> {
  const results = await Promise.allSettled(action.refs.map((ref) => client.call(action.name, ref)))
  const failed = results.filter((result) => result.status === 'rejected').length
  if (failed > 0) log.warn('tray', 'An action from the tray failed', { action: action.name, failed })
}
