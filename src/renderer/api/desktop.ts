declare global {
  interface Window {
    /** In the desktop app, from its preload. */
    readonly slipwayDesktop?: {
      /** Empty for what lies on no disk. */
      readonly pathOf: (file: File) => string
    }
  }
}

/** The desktop app's preload will post a port to core. */
export const isDesktop = (): boolean => window.slipwayDesktop !== undefined

/** Where core finds a file that the person chose; `undefined` in a browser, or when it lies on no disk. */
export function pathOf(file: File): string | undefined {
  const path = window.slipwayDesktop?.pathOf(file)
  return path === '' ? undefined : path
}
