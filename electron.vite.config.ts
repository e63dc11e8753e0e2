import { resolve } from 'node:path'
import { defineConfig } from 'electron-vite'
import react from '@vitejs/plugin-react'
import type { Plugin } from 'vite'

// SLIPWAY_OUT lets two builds of one checkout live side by side.
const out = process.env['SLIPWAY_OUT'] ?? 'dist'
const from = (path: string): string => resolve(import.meta.dirname, path)

/**
 * ssh2 does without its two native parts, as long as loading them fails. They are not built where npm runs no
 * install scripts, and a bundler stops at what is not there: this stands in their place and fails when it is loaded.
 */
const nativePart = /^cpu-features$|sshcrypto\.node$/
const ssh2InPlainJavaScript: Plugin = {
  name: 'ssh2-in-plain-javascript',
  enforce: 'pre',
  resolveId: (id) => (nativePart.test(id) ? '\0left-out.cjs' : undefined),
  load: (id) =>
    id === '\0left-out.cjs' ? 'module.exports = {}; throw new Error("This part is left out")' : undefined,
}

export default defineConfig({
  main: {
    plugins: [ssh2InPlainJavaScript],
    build: {
      outDir: `${out}/main`,
      rollupOptions: {
        input: {
          desktop: from('src/main/desktop/index.ts'),
          'core-host': from('src/main/desktop/core-host.ts'),
          serve: from('src/main/serve/index.ts'),
          cli: from('src/main/cli/index.ts'),
        },
        output: { banner: ({ name }) => (name === 'cli' ? '#!/usr/bin/env node' : '') },
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
      // In kB: it comes from this computer, not over a line.
      chunkSizeWarningLimit: 1000,
      minify: 'oxc',
      rollupOptions: { input: from('src/renderer/index.html') },
    },
  },
})
