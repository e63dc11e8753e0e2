export const buildTools: Readonly<Record<string, string>>
export function buildToolsAdvice(find: (program: string) => string | undefined): string | undefined
