import type { Shape } from '../shape'
import type { shell as en } from '../en/shell'

export const shell: Shape<typeof en> = {}
