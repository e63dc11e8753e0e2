import { createHash } from 'node:crypto'
import { hostname } from 'node:os'

/** Names one person's data folder on one host in the labels of its helpers: those of another are left alone. */
export const helperOwner = (dataDir: string): string =>
  createHash('sha256').update(`${hostname()}\n${dataDir}`).digest('hex').slice(0, 16)
