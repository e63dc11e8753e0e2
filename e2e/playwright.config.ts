import { defineConfig } from '@playwright/test'
import { chromiumArgs } from './chromium-args'

export default defineConfig({
  testDir: '.',
  testMatch: ['specs/**/*.e2e.ts', 'electron/**/*.e2e.ts'],
  outputDir: '../test-results/e2e',
  globalSetup: './global-setup.ts',
  // One engine serves all specs and specs kill it: one at a time.
  workers: 1,
  fullyParallel: false,
  retries: 0,
  timeout: 90_000,
  expect: { timeout: 15_000 },
  reporter: [['list'], ['json', { outputFile: '../test-results/e2e.json' }]],
  use: {
    viewport: { width: 1280, height: 800 },
    launchOptions: {
      executablePath: process.env['SLIPWAY_CHROMIUM'] ?? '/usr/bin/chromium',
      args: chromiumArgs,
    },
    trace: 'retain-on-failure',
    screenshot: 'only-on-failure',
    actionTimeout: 15_000,
  },
})
