import { defineConfig } from '@playwright/test'
import { needBrowser } from '../scripts/setup/browser.mjs'
import { chromiumArgs } from './chromium-args'

export default defineConfig({
  testDir: '.',
  testMatch: ['specs/**/*.e2e.ts', 'electron/**/*.e2e.ts'],
  outputDir: '../test-results/e2e',
  globalSetup: './global-setup.ts',
  // A spec mostly waits, for a browser and an engine: two at a time, each on an engine of its own.
  workers: 2,
  fullyParallel: false,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: needBrowser(),
      args: chromiumArgs,
    },
    // Without its film, which costs a tenth of the time: the pages stand in it, and the last picture beside it.
    trace: { mode: 'retain-on-failure', screenshots: false },
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
  },
})
