import type { EngineId } from '../../shared/model'
import { useRows } from '../store/inventory'

/** How many containers end with an engine. */
export const useRunningCount = (engine: EngineId | undefined): number =>
  useRows('containers').filter((row) => row.engine === engine && row.state === 'running').length
