import { CircleHelp, Search, SquareTerminal } from 'lucide-react'
import type { ReactNode } from 'react'
import { useT } from '../i18n'
import { useDockOpen } from '../store/dock'
import { IconButton } from '../ui'
import { commandKey } from './keys'
import { TaskIndicator } from './TaskIndicator'
import './top-bar.css'

export interface TopBarProps {
  readonly onPalette: () => void
  readonly onHelp: () => void
}

export function TopBar({ onPalette, onHelp }: TopBarProps): ReactNode {
  const t = useT()
  const [isDockOpen, setDockOpen] = useDockOpen()
  return (
    <header className="top-bar">
      <span className="top-bar__name">{t('common.appName')}</span>
      <button type="button" className="top-bar__search" aria-haspopup="dialog" onClick={onPalette}>
        <Search aria-hidden="true" />
        <span className="truncate">{t('shell.search')}</span>
        <kbd>{commandKey('K')}</kbd>
      </button>
      <div className="top-bar__end">
        <TaskIndicator />
        <IconButton
          label={t(isDockOpen ? 'shell.hideTerminal' : 'shell.showTerminal')}
          icon={<SquareTerminal />}
          aria-pressed={isDockOpen}
          onClick={() => setDockOpen(!isDockOpen)}
        />
        <IconButton label={t('shell.help')} icon={<CircleHelp />} onClick={onHelp} />
      </div>
    </header>
  )
}
