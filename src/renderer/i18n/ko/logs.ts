import type { Shape } from '../shape'
import type { logs as en } from '../en/logs'

export const logs: Shape<typeof en> = {}
