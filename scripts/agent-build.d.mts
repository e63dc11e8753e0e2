export function buildAgent(root: string): { version: string; isNew: boolean }
