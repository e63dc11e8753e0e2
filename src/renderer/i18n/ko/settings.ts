import type { Shape } from '../shape'
import type { settings as en } from '../en/settings'

export const settings: Shape<typeof en> = {}
