import { Eraser, HardDrive, Network, PieChart, Server, type LucideIcon } from 'lucide-react'
import type { Engine } from '../../../shared/model'
import { en } from '../../i18n/en'
import type { Command } from './find-commands'
import type { CommandTools } from './object-commands'

type Chore = keyof typeof en.shell.palette.chores

/** Where each is done: an address that opens the page's dialog. */
const places: readonly (readonly [chore: Chore, path: string, keywords: string, icon: LucideIcon])[] = [
  ['containers', '/containers?prune', 'prune remove stopped', Eraser],
  ['images', '/images?prune', 'prune remove unused', Eraser],
  ['volumes', '/volumes?prune', 'prune remove unused', Eraser],
  ['networks', '/networks?prune', 'prune remove unused', Eraser],
  ['addEngine', '/settings?add', 'ssh remote connect', Server],
  ['volume', '/volumes?new', 'new', HardDrive],
  ['network', '/networks?new', 'new', Network],
]

/** What is done on other pages, found by what it does. */
export function chores({ t, navigate }: CommandTools, engines: readonly Engine[]): readonly Command[] {
  const made = places.map(([chore, path, keywords, icon]): Command => ({
    id: `chore ${chore}`,
    group: 'actions',
    label: t(`shell.palette.chores.${chore}`),
    keywords: `${en.shell.palette.chores[chore]} ${keywords}`,
    icon,
    run: () => navigate(path),
  }))
  const disks = engines.map((engine): Command => ({
    id: `chore disk ${engine.id}`,
    group: 'actions',
    label: t('shell.palette.chores.disk'),
    detail: engine.name,
    keywords: `${en.shell.palette.chores.disk} df size`,
    icon: PieChart,
    run: () => navigate(`/disk/${encodeURIComponent(engine.id)}`),
  }))
  return [...made, ...disks]
}
