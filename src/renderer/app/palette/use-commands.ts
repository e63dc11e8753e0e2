import { Download } from 'lucide-react'
import { useMemo } from 'react'
import type { Container } from '../../../shared/model'
import type { Translate } from '../../i18n'
import { pullImage } from '../../objects/pull-image'
import { useEngineFilter } from '../../store/engine-filter'
import { useRows, useRunningEngines } from '../../store/inventory'
import { useMachines } from '../../store/machines'
import { useSettings } from '../../store/settings'
import { showToast } from '../../store/toasts'
import type { Command } from './find-commands'
import { chores } from './chores'
import { machineCommand } from './machine-commands'
import {
  containerCommand,
  imageCommand,
  networkCommand,
  volumeCommand,
  type CommandTools,
} from './object-commands'
import { actionCommands, pageCommands, settingCommands } from './window-commands'

/** All that can be gone to, found or done now. Made only while the palette is open. */
export function useCommands(tools: CommandTools, onHelp: () => void): readonly Command[] {
  const settings = useSettings()
  const containers = useRows('containers')
  const images = useRows('images')
  const volumes = useRows('volumes')
  const networks = useRows('networks')
  const machines = useMachines()
  const engines = useRunningEngines()
  return useMemo(
    () => [
      ...pageCommands(tools),
      ...actionCommands(tools, onHelp),
      ...chores(tools, engines),
      ...runningFirst(containers).map((row) => containerCommand(row, tools)),
      ...images.map((row) => imageCommand(row, tools)),
      ...volumes.map((row) => volumeCommand(row, tools)),
      ...networks.map((row) => networkCommand(row, tools)),
      ...machines.map((row) => machineCommand(row, tools)),
      ...settingCommands(tools, settings),
    ],
    [tools, onHelp, settings, containers, images, volumes, networks, machines, engines],
  )
}

/** What is equally near to what was typed stands in this order: most often what runs is meant. */
const runningFirst = (rows: readonly Container[]): readonly Container[] => [
  ...rows.filter(({ state }) => state === 'running'),
  ...rows.filter(({ state }) => state !== 'running'),
]

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
