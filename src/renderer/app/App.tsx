import { Tooltip } from '@base-ui/react/tooltip'
import type { ReactNode } from 'react'
import { Router } from 'wouter'
import { useConnection } from '../api'
import { UiWordsContext } from '../ui'
import { CoreState } from './CoreState'
import { useHashLocation, useHashSearch } from './hash-location'
import { PageBoundary } from './PageBoundary'
import { Shell } from './Shell'
import { useLook } from './use-look'
import { useAppUiWords } from './use-ui-words'

export function App(): ReactNode {
  const words = useAppUiWords()
  const connection = useConnection()
  useLook()
  return (
    <UiWordsContext value={words}>
      <Tooltip.Provider>
        <Router hook={useHashLocation} searchHook={useHashSearch}>
          {/* What is covered takes no keys either. */}
          <div className="app" inert={connection.state === 'refused'}>
            <PageBoundary page="window">
              <Shell />
            </PageBoundary>
          </div>
          <CoreState />
        </Router>
      </Tooltip.Provider>
    </UiWordsContext>
  )
}
