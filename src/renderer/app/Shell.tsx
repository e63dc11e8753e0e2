import { useEffect, useState, type ReactNode } from 'react'
import { useLocation } from 'wouter'
import { getClient } from '../api'
import { useT } from '../i18n'
import { useDockOpen } from '../store/dock'
import { AgentQuestion } from './AgentQuestion'
import { Dock } from './Dock'
import { EngineBanner } from './EngineBanner'
import { useWindowKeys } from './keys'
import { isUnder, nav, settingsEntry } from './nav'
import { focusNextArea, focusPage } from './page-focus'
import { Pages } from './Pages'
import { CommandPalette } from './palette/CommandPalette'
import { ShortcutsDialog } from './ShortcutsDialog'
import { Sidebar } from './Sidebar'
import { Toasts } from './Toasts'
import { TopBar } from './TopBar'
import './shell.css'

type Overlay = 'palette' | 'help'

export function Shell(): ReactNode {
  const t = useT()
  const [here, navigate] = useLocation()
  const [overlay, setOverlay] = useState<Overlay>()
  const [isDockOpen, setDockOpen] = useDockOpen()
  useTitle()
  useWindowKeys({
    onPalette: () => setOverlay((open) => (open === 'palette' ? undefined : 'palette')),
    onHelp: () => setOverlay('help'),
    onDock: () => setDockOpen(!isDockOpen),
    onPage: (number) => {
      const { path } = [...nav, settingsEntry][number - 1] ?? settingsEntry
      if (path === here) return focusPage()
      // Off what is left behind: the focus goes on to the page.
      if (document.activeElement instanceof HTMLElement) document.activeElement.blur()
      navigate(path)
    },
    onArea: focusNextArea,
  })
  useEffect(() => getClient().onPush('window.navigate', ({ path }) => navigate(path)), [navigate])
  const close = (): void => setOverlay(undefined)
  return (
    <div className="shell">
      <a className="shell__skip" href="#content" onClick={skipToContent}>
        {t('shell.skip')}
      </a>
      <TopBar onPalette={() => setOverlay('palette')} onHelp={() => setOverlay('help')} />
      <div className="shell__middle">
        <Sidebar />
        <div className="shell__column">
          <EngineBanner />
          <AgentQuestion />
          <Dock>
            <main id="content" className="page" tabIndex={-1} data-area="page">
              <Pages />
            </main>
          </Dock>
        </div>
      </div>
      <CommandPalette open={overlay === 'palette'} onClose={close} onHelp={() => setOverlay('help')} />
      <ShortcutsDialog open={overlay === 'help'} onClose={close} />
      <Toasts />
    </div>
  )
}

/** The fragment is the router's, so the browser's own jump to `#content` would lead to a page. */
function skipToContent(event: { preventDefault(): void }): void {
  event.preventDefault()
  document.getElementById('content')?.focus()
}

function useTitle(): void {
  const t = useT()
  const [path] = useLocation()
  const here = [...nav, settingsEntry].find((entry) => isUnder(path, entry))
  const page = here ? t(here.title) : t('shell.nav.engine')
  useEffect(() => {
    document.title = `${page} – ${t('common.appName')}`
  }, [page, t])
}
