// What apt says, and whether it is ours to use: decided from facts, so that it can be tested.

/**
 * The version that apt would install of each package, from `apt-cache policy` in the C locale. A package that only
 * brings a snap is none: it holds a script that asks for the snap.
 * @param {string} policy @returns {ReadonlyMap<string, string>}
 */
export function candidatesIn(policy) {
  const found = [...policy.matchAll(/^(\S+):\n(?: .*\n)*? +Candidate: (\S+)$/gm)]
  return new Map(
    found
      .filter(([, , version = '']) => version !== '(none)' && !/\dsnap\d/.test(version))
      .map(([, name = '', version = '']) => [name, version]),
  )
}

/**
 * Whether a package that the app works without is installed: root or sudo, and apt-get. `isSilent` is `--yes`, or
 * nobody at a terminal to ask.
 * @param {string} name of the package
 * @param {{ hasApt: boolean, canBeRoot: boolean, isSilent: boolean }} facts
 * @param {string} why it is wanted
 * @returns {{ step: 'install' | 'ask' | 'impossible', why: string }}
 */
export function aptStep(name, { hasApt, canBeRoot, isSilent }, why) {
  if (!hasApt) return { step: 'impossible', why: `there is no apt-get to install ${name} with` }
  if (!canBeRoot) return { step: 'impossible', why: `installing ${name} needs root or sudo` }
  return { step: isSilent ? 'install' : 'ask', why }
}
