export function sourceStamp(root: string): string
export function isBuilt(name: string): boolean
export function needsRestart(paths: readonly string[]): boolean
