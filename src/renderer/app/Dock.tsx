import { Suspense, useState, type ReactNode } from 'react'
import { useT } from '../i18n'
import { useDockOpen, useDockSize } from '../store/dock'
import { Loading, SplitPane } from '../ui'
import { chunk } from './chunk'
import { features } from './feature-chunks'
import { PageBoundary } from './PageBoundary'
import { useFoundFocus } from './page-focus'

const TerminalDock = chunk(async () => (await features.terminal()).TerminalDock)
const leastHeight = 120

/**
 * The page, and under it the terminals. A closed dock draws nothing: the shells live on in core. The
 * page is the same element either way, so that opening the dock loses nothing of it.
 */
export function Dock({ children }: { readonly children: ReactNode }): ReactNode {
  const t = useT()
  const [isOpen] = useDockOpen()
  const [size, setSize] = useDockSize()
  useFoundFocus(isOpen)
  // A dock that stood open when the window came takes the keys from nobody.
  const [isAsFound, setAsFound] = useState(isOpen)
  if (isAsFound && !isOpen) setAsFound(false)
  return (
    <SplitPane
      direction="column"
      label={t('shell.dockSize')}
      min={leastHeight}
      size={size}
      onSize={setSize}
      first={children}
      second={
        isOpen ? (
          <PageBoundary page="dock">
            <Suspense fallback={<Loading label={t('common.loading')} />}>
              <TerminalDock takesFocus={!isAsFound} />
            </Suspense>
          </PageBoundary>
        ) : undefined
      }
    />
  )
}
