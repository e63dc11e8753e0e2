import { defineConfig } from 'vitest/config'

/** What takes this long hangs; a busy machine alone must not fail a test. */
const hangMs = 60_000

export default defineConfig({
  test: {
    // Vitest's own default of a second is too short for a busy machine.
    expect: { poll: { timeout: 20_000 } },
    projects: [
      // Pure code, state tables, stores: no engine, no browser, and nothing that one file could leave to the next. A
      // process for each would take twice as long as the tests.
      {
        extends: true,
        test: {
          name: 'unit',
          environment: 'node',
          isolate: false,
          include: [
            'src/{shared,main}/**/*.test.ts',
            'src/renderer/**/*.test.ts',
            'bench/**/*.test.ts',
            'scripts/**/*.test.ts',
            'testing/**/*.test.ts',
          ],
          exclude: ['**/*.parts.test.ts', '**/*.vm.test.ts'],
          testTimeout: hangMs,
          hookTimeout: hangMs,
        },
      },
      // Real sockets, a real engine started for the run, real child processes.
      {
        extends: true,
        test: {
          name: 'parts',
          environment: 'node',
          include: ['{src,testing,scripts}/**/*.parts.test.ts'],
          globalSetup: ['testing/engine/global-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      // The parts that depend on how an engine keeps its images, on a newer engine with containerd's image store.
      {
        extends: true,
        test: {
          name: 'containerd',
          environment: 'node',
          include: [
            'src/main/core/{files,host,images,layers}/**/*.parts.test.ts',
            'src/main/core/agent/{agent,helper-container}.parts.test.ts',
            'src/main/core/inventory/inventory.parts.test.ts',
            'src/main/core/terminal/{agent-parity,terminal}.parts.test.ts',
          ],
          globalSetup: ['testing/engine/containerd-setup.ts'],
          testTimeout: 60_000,
          hookTimeout: 60_000,
          fileParallelism: false,
        },
      },
      // The machine's image, built and booted by QEMU, and the life of a machine on it: minutes.
      {
        extends: true,
        test: {
          name: 'vm',
          environment: 'node',
          include: ['vm-assets/checks/**/*.test.ts', '{src,testing}/**/*.vm.test.ts'],
          globalSetup: ['testing/vm/global-setup.ts'],
          testTimeout: 400_000,
          hookTimeout: 600_000,
          fileParallelism: false,
        },
      },
      // Features in a simulated DOM with a fake bridge. A world for each file would take twice as long as the tests:
      // what a test leaves behind is taken away after it.
      {
        extends: true,
        test: {
          name: 'window',
          environment: 'happy-dom',
          isolate: false,
          include: ['src/renderer/**/*.test.tsx'],
          setupFiles: ['testing/window/each-test.ts'],
          testTimeout: hangMs,
          hookTimeout: hangMs,
        },
      },
    ],
  },
})
