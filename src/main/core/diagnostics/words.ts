/** `12.3 GB`, of a thousand each. */
export const gigabytes = (bytes: number): string => `${(bytes / 1_000_000_000).toFixed(1)} GB`

export const seconds = (ms: number): string => `${(ms / 1000).toFixed(1)} s`
