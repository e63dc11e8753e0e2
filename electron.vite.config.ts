import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import react from '@vitejs/plugin-react'

// SLIPWAY_OUT lets two builds of one checkout live side by side.
const out = process.env['SLIPWAY_OUT'] ?? 'dist'
const from = (path: string): string => resolve(import.meta.dirname, path)

export default defineConfig({
  main: {
    build: {
      outDir: `${out}/main`,
      rollupOptions: {
        input: {
          desktop: from('src/main/desktop/index.ts'),
          'core-host': from('src/main/desktop/core-host.ts'),
          serve: from('src/main/serve/index.ts'),
          cli: from('src/main/cli/index.ts'),
        },
      },
    },
  },
  preload: {
    build: {
      outDir: `${out}/preload`,
      rollupOptions: {
        input: { index: from('src/preload/index.ts') },
        // A sandboxed preload cannot be an ES module.
        output: { format: 'cjs', entryFileNames: '[name].cjs' },
      },
    },
  },
  renderer: {
    root: from('src/renderer'),
    base: './',
    plugins: [react()],
    build: {
      outDir: `${from('.')}/${out}/renderer`,
      emptyOutDir: true,
      // One style sheet with the page: a chunk's own that fails to load is not asked for a second time.
      cssCodeSplit: false,
      minify: 'oxc',
      rollupOptions: { input: from('src/renderer/index.html') },
    },
  },
})
