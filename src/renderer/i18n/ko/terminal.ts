import type { Shape } from '../shape'
import type { terminal as en } from '../en/terminal'

export const terminal: Shape<typeof en> = {}
