import type { Shape } from '../shape'
import type { engine as en } from '../en/engine'

export const engine: Shape<typeof en> = {}
