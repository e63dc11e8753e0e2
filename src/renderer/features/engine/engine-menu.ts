import type { AgentState, Engine } from '../../../shared/model'
import { act } from '../../api'
import type { Translate } from '../../i18n'
import { openHostTerminal } from '../../store/dock'
import type { MenuItem } from '../../ui'
import type { StopEngineDialog } from './StopEngine'

interface MenuContext {
  readonly t: Translate
  readonly navigate: (path: string) => void
  readonly onDialog: (dialog: StopEngineDialog) => void
  readonly agent: AgentState | undefined
}

/** What can be done to an engine, wherever it is named. */
export function engineMenu(
  engine: Engine,
  { t, navigate, onDialog, agent }: MenuContext,
): readonly MenuItem[] {
  const { id } = engine
  return [
    { verb: 'open', label: t('shell.engines.show'), onSelect: () => navigate('/engine') },
    { verb: 'terminal', label: t('shell.hostTerminal'), onSelect: () => openHostTerminal(id) },
    ...(engine.state.kind === 'running'
      ? [
          {
            verb: 'disk',
            label: t('engine.diskUsage'),
            onSelect: () => navigate(`/disk/${encodeURIComponent(id)}`),
          },
          ...agentItems(t, engine, agent),
        ]
      : []),
    ...(engine.isOurs ? lifeItems(t, engine, onDialog) : []),
    { label: t('shell.engines.manage'), onSelect: () => navigate('/settings') },
  ]
}

function agentItems(t: Translate, { id }: Engine, agent: AgentState | undefined): readonly MenuItem[] {
  if (!agent || (agent.kind === 'off' && agent.because !== 'declined')) return []
  const isOff = agent.kind === 'off' || agent.kind === 'unasked'
  return [
    {
      verb: 'agent',
      label: t(isOff ? 'engine.agent.menuOn' : 'engine.agent.menuOff'),
      onSelect: () => void act('agents.allow', { engine: id, allowed: isOff }),
    },
  ]
}

/** Of the engine that core runs itself. */
export const canStart = ({ state }: Engine): boolean => state.kind === 'stopped' || state.kind === 'lost'
export const canStop = ({ state }: Engine): boolean => state.kind === 'running'

function lifeItems(t: Translate, engine: Engine, onDialog: MenuContext['onDialog']): readonly MenuItem[] {
  if (canStart(engine))
    return [
      {
        verb: 'start',
        label: t('engine.start'),
        onSelect: () => void act('engines.start', { engine: engine.id }),
      },
    ]
  if (!canStop(engine)) return []
  return [
    { verb: 'restart', label: t('engine.restart'), onSelect: () => onDialog({ kind: 'restart', engine }) },
    {
      verb: 'stop',
      label: t('engine.stop'),
      danger: true,
      onSelect: () => onDialog({ kind: 'stop', engine }),
    },
  ]
}
