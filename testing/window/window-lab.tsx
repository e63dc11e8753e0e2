import { act, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import * as v from 'valibot'
import { afterEach, beforeEach, expect } from 'vitest'
import { takeClient } from '../../src/renderer/api'
import { App } from '../../src/renderer/app/App'
import { setLanguage } from '../../src/renderer/i18n'
import { forgetInventory } from '../../src/renderer/store/inventory'
import { startStores } from '../../src/renderer/store/start'
import type { InventoryItem, Settings } from '../../src/shared/model'
import { settingsSchema } from '../../src/shared/model/settings'
import { FakeClient } from './fake-client'
import { containerRow, snapshotOf } from './rows'

export const user = userEvent.setup()

/** The whole window before a core that answers what a test says. Each test has its own, at the settings. */
export class WindowLab {
  core = new FakeClient()
  settings: Settings = v.parse(settingsSchema, {})
  #stop: () => void = () => undefined

  constructor() {
    beforeEach(() => this.#begin())
    afterEach(() => this.#stop())
  }

  async #begin(): Promise<void> {
    window.location.hash = '#/settings'
    await setLanguage('en')
    this.settings = v.parse(settingsSchema, { language: 'en' })
    this.core = new FakeClient({
      'settings.get': () => this.settings,
      'settings.set': (change) => (this.settings = { ...this.settings, ...(change as Partial<Settings>) }),
      'settings.setUi': () => null,
      'app.info': () => ({
        ...{ version: '1.2.3', platform: 'linux', isRoot: false, host: 'serve' },
        ...{ dataDir: '/data', logFile: '/data/log' },
      }),
    })
    forgetInventory()
    takeClient(this.core.client)
    this.#stop = startStores()
  }

  /** As after a reload of the page. */
  startAgain(): void {
    this.#stop()
    this.#stop = startStores()
  }

  /** Draws it, once it knows `item`. */
  async open(
    item: InventoryItem = snapshotOf([containerRow('web'), containerRow('db', { state: 'exited' })]),
  ): Promise<void> {
    render(<App />)
    await waitFor(() => this.core.stream('inventory.watch'))
    await act(async () => {
      this.core.stream('inventory.watch').put(item)
      await Promise.resolve()
    })
    await screen.findByRole('heading', { level: 1 })
  }
}

const closed = (): Promise<void> => waitFor(() => expect(screen.queryByRole('dialog')).toBeNull())

/** Opens the palette and types. Items are found by what they say. */
export async function typeCommand(text: string): Promise<void> {
  // A dialog that closes gives the focus back when it has gone.
  await closed()
  await user.keyboard('{Control>}k{/Control}')
  const field = await screen.findByPlaceholderText('Go to, find or do…')
  await waitFor(() => expect(document.activeElement).toBe(field))
  await user.keyboard(text)
}
