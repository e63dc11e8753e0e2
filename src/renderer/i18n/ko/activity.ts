import type { Shape } from '../shape'
import type { activity as en } from '../en/activity'

export const activity: Shape<typeof en> = {}
