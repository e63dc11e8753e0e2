/** Ours and our runtime's: a person's shell is a fresh one, not a child of an app. */
const notForShells =
  /^(ELECTRON_|SLIPWAY_|npm_|VITE|VITEST|CHROME_|GDK_BACKEND$|ORIGINAL_XDG_|NODE_(OPTIONS|ENV|CHANNEL_|UNIQUE_ID)|INIT_CWD$|COLORTERM$|TERM(_PROGRAM(_VERSION)?)?$)/
/** All that would lead the docker CLI elsewhere than the engine of this terminal. */
const leadsElsewhere = /^DOCKER_(HOST|CONTEXT|TLS|TLS_VERIFY|CERT_PATH|API_VERSION)$/

/** The environment of a shell on this host. `docker` is what makes the docker CLI reach an engine, if any. */
export function hostEnv(
  own: NodeJS.ProcessEnv,
  docker: Readonly<Record<string, string>> | undefined,
): Record<string, string> {
  const env: Record<string, string> = {}
  for (const [name, value] of Object.entries(own)) {
    if (value === undefined || notForShells.test(name)) continue
    if (docker && leadsElsewhere.test(name)) continue
    env[name] = value
  }
  if (!env.LANG && !env.LC_ALL) env.LANG = 'C.UTF-8'
  return { ...env, ...docker, TERM: 'xterm-256color', COLORTERM: 'truecolor', TERM_PROGRAM: 'Slipway' }
}
