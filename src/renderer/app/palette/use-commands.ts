import { Download } from 'lucide-react'
import { useMemo } from 'react'
import { useLocation } from 'wouter'
import type { Container } from '../../../shared/model'
import { useNetworkUsers } from '../../features/networks/users'
import { useT, type Translate } from '../../i18n'
import { pullImage } from '../../objects/pull-image'
import { useTasks } from '../../store/activity'
import { useAgents } from '../../store/agents'
import { useEngineFilter } from '../../store/engine-filter'
import { useEngines, useRows, useRunningEngines } from '../../store/inventory'
import { useMachines } from '../../store/machines'
import { useSettings } from '../../store/settings'
import { showToast } from '../../store/toasts'
import { chores } from './chores'
import type { Command } from './find-commands'
import {
  containerCommand,
  engineCommand,
  imageCommand,
  machineCommand,
  networkCommand,
  projectCommand,
  volumeCommand,
  type CommandTools,
} from './object-commands'
import { actionCommands, pageCommands, settingCommands } from './window-commands'

/** All that can be gone to, found or done now. Made only while the palette is open. */
export function useCommands(onDialog: CommandTools['onDialog'], onHelp: () => void): readonly Command[] {
  const tools = useTools(onDialog)
  const settings = useSettings()
  const hasEnded = useTasks().some(({ state }) => state !== 'running')
  const objects = useObjects(tools)
  return useMemo(
    () => [
      ...pageCommands(tools),
      ...actionCommands(tools, onHelp),
      ...chores(tools, hasEnded),
      ...objects,
      ...settingCommands(tools, settings),
    ],
    [tools, onHelp, hasEnded, objects, settings],
  )
}

function useTools(onDialog: CommandTools['onDialog']): CommandTools {
  const t = useT()
  const [, navigate] = useLocation()
  const engines = useEngines()
  const shown = useEngineFilter()
  const agents = useAgents()
  const users = useNetworkUsers()
  return useMemo(
    () => ({ t, navigate, onDialog, engines, shown, agents, users }),
    [t, navigate, onDialog, engines, shown, agents, users],
  )
}

function useObjects(tools: CommandTools): readonly Command[] {
  const containers = useRows('containers')
  const images = useRows('images')
  const volumes = useRows('volumes')
  const networks = useRows('networks')
  const machines = useMachines()
  return useMemo(
    () => [
      ...runningFirst(containers).map((row) => containerCommand(row, tools)),
      ...projectsOf(containers).map((rows) => projectCommand(rows, tools)),
      ...images.map((row) => imageCommand(row, tools)),
      ...volumes.map((row) => volumeCommand(row, tools)),
      ...networks.map((row) => networkCommand(row, tools)),
      ...machines.map((row) => machineCommand(row, tools)),
      ...tools.engines.map((row) => engineCommand(row, tools)),
    ],
    [tools, containers, images, volumes, networks, machines],
  )
}

/** What is equally near to what was typed stands in this order: most often what runs is meant. */
const runningFirst = (rows: readonly Container[]): readonly Container[] => [
  ...rows.filter(({ state }) => state === 'running'),
  ...rows.filter(({ state }) => state !== 'running'),
]

type Project = readonly [Container, ...Container[]]

/** The same project name on two engines is two projects. */
function projectsOf(rows: readonly Container[]): readonly Project[] {
  const projects = new Map<string, [Container, ...Container[]]>()
  for (const row of rows) {
    if (row.project === undefined) continue
    const key = `${row.project}\n${row.engine}`
    const others = projects.get(key)
    if (others) others.push(row)
    else projects.set(key, [row])
  }
  return [...projects.values()]
}

/** Looks like an image's reference: `alpine`, `ghcr.io/a/b:1`. What is none is refused by core anyway. */
const reference = /^[a-z0-9][a-z0-9._/:@-]*$/

/** `Pull “x”` for what was typed, on the engine that the lists show, or the first that runs. */
export function usePullCommand(t: Translate, query: string): Command | undefined {
  const engines = useRunningEngines()
  const filter = useEngineFilter()
  const engine = engines.find(({ id }) => id === filter) ?? engines[0]
  const typed = query.trim()
  if (!engine || typed.length < 2 || !reference.test(typed)) return undefined
  return {
    id: 'pull this',
    group: 'pull',
    label: t('shell.palette.pullThis', { reference: typed }),
    detail: engine.name,
    icon: Download,
    run: () => {
      void pullImage({ engine: engine.id, reference: typed }).then(
        (started) =>
          started && showToast({ tone: 'idle', title: t('shell.palette.pullStarted', { reference: typed }) }),
      )
    },
  }
}
