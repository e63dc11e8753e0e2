import { join } from 'node:path'
import { serve } from './serve'

process.exitCode = await serve(process.argv.slice(2), {
  // Beside this file in the build.
  rendererDir: join(import.meta.dirname, '..', 'renderer'),
  say: (text) => console.log(text),
  complain: (text) => console.error(text),
})
