// What npm compiles node-pty with, which has no ready binary for Linux.

/** Debian packages by their program. */
export const buildTools = { python3: 'python3', make: 'make', 'g++': 'g++' }

const lines = [
  ['dnf', 'sudo dnf install python3 make gcc-c++'],
  ['pacman', 'sudo pacman -S --needed python make gcc'],
  ['zypper', 'sudo zypper install python3 make gcc-c++'],
]

/**
 * Where apt is not at hand: what is missing, and the command that installs it. Nothing when all is there.
 * @param {(program: string) => string | undefined} find
 * @returns {string | undefined}
 */
export function buildToolsAdvice(find) {
  const missing = Object.keys(buildTools).filter((program) => !find(program))
  if (missing.length === 0) return undefined
  const line = lines.find(([manager]) => find(manager))?.[1]
  const how = line ? `Install them: ${line}` : 'Install them with your package manager'
  return `Compiling node-pty needs ${missing.join(', ')}. ${how}, and start again.`
}
