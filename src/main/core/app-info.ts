import type { Reply } from '../../shared/contract'
import { appVersion } from './app-version'
import type { Paths } from './platform/paths'

interface Running {
  readonly host: 'desktop' | 'serve'
  readonly paths: Paths
}

/** What runs here, as whom and where. */
export const appInfo = ({ host, paths }: Running): Reply<'app.info'> => ({
  version: appVersion(),
  platform: process.platform,
  isRoot: process.getuid?.() === 0,
  host,
  dataDir: paths.dataDir,
  logFile: paths.log,
})
