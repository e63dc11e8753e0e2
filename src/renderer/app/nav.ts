import { Box, Boxes, Cpu, HardDrive, History, Network, Settings, type LucideIcon } from 'lucide-react'
import type { Kind } from '../../shared/model'
import type { TextKey } from '../i18n'

export interface NavEntry {
  readonly path: string
  readonly title: TextKey
  readonly icon: LucideIcon
  /** Whose rows its count tells. */
  readonly kind?: Kind
  /** What else its count tells: machines, or the tasks that run now. */
  readonly count?: 'machines' | 'tasks'
}

/** The sidebar, top to bottom; Alt with the number goes there. */
export const nav: readonly NavEntry[] = [
  { path: '/containers', title: 'shell.nav.containers', icon: Box, kind: 'containers' },
  { path: '/images', title: 'shell.nav.images', icon: Boxes, kind: 'images' },
  { path: '/volumes', title: 'shell.nav.volumes', icon: HardDrive, kind: 'volumes' },
  { path: '/networks', title: 'shell.nav.networks', icon: Network, kind: 'networks' },
  { path: '/machines', title: 'shell.nav.machines', icon: Cpu, count: 'machines' },
  { path: '/activity', title: 'shell.nav.activity', icon: History, count: 'tasks' },
]
export const settingsEntry: NavEntry = { path: '/settings', title: 'shell.nav.settings', icon: Settings }

export const isUnder = (path: string, entry: NavEntry): boolean =>
  path === entry.path ||
  path.startsWith(`${entry.path}/`) ||
  (entry.path === '/containers' && (path === '/run' || path === '/'))
