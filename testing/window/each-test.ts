import { cleanup, configure } from '@testing-library/react'
import { afterEach } from 'vitest'
import { setLanguage } from '../../src/renderer/i18n'
import { forgetStats } from '../../src/renderer/store/stats'
import { dropAllToasts } from '../../src/renderer/store/toasts'
import { forgetVisits } from '../../src/renderer/store/visit'

// How long a test waits for what should come. Its own default of a second is too short for a busy machine, which may
// also have to load a page that is a chunk of its own.
configure({ asyncUtilTimeout: 20_000 })

// Files share a window: what a test leaves in it would be the next one's beginning.
afterEach(async () => {
  cleanup()
  await setLanguage('en')
  dropAllToasts()
  forgetStats()
  forgetVisits()
  history.replaceState(null, '', '/')
  localStorage.clear()
  sessionStorage.clear()
})
