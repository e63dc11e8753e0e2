import {
  Eraser,
  FileUp,
  HardDrive,
  ListX,
  Network,
  RefreshCw,
  Ruler,
  Server,
  type LucideIcon,
} from 'lucide-react'
import { act } from '../../api'
import { chooseImageFile } from '../../features/images/load-image'
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
  ['sizes', '/volumes?sizes', 'df disk', Ruler],
]

/** What is done on other pages, found by what it does. `hasEnded`: some task has. */
export function chores({ t, navigate, engines }: CommandTools, hasEnded: boolean): readonly Command[] {
  const chore = (name: Chore, keywords: string): Command => ({
    id: `chore ${name}`,
    group: 'actions',
    label: t(`shell.palette.chores.${name}`),
    keywords: `${en.shell.palette.chores[name]} ${keywords}`,
  })
  const load = chore('load', 'docker load tar import')
  const running = engines.filter(({ state }) => state.kind === 'running')
  return [
    ...places.map(([name, path, keywords, icon]) => ({
      ...chore(name, keywords),
      icon,
      run: () => navigate(path),
    })),
    ...running.map(({ id, name: detail }) => ({
      ...{ ...load, id: `${load.id} ${id}`, detail, icon: FileUp },
      run: () => chooseImageFile(id),
    })),
    { ...chore('retry', 'connect reconnect'), icon: RefreshCw, run: () => void act('engines.retry', {}) },
    ...(hasEnded
      ? [{ ...chore('clear', 'tasks activity'), icon: ListX, run: () => void act('activity.clear', {}) }]
      : []),
  ]
}
