// Whether the agent can be built, and what its compiler takes. The app works without it, with less speed.
import { aptStep } from '../setup/apt.mjs'

/** @param {string} text such as `2:1.19~1`, `go version go1.24.4 linux/amd64`, `go 1.19` */
function versionIn(text) {
  const [, major = '0', minor = '0'] = /(?:^|\s|:|go)(\d+)\.(\d+)/.exec(text) ?? []
  return [Number(major), Number(minor)]
}

/**
 * True when a Go of this version builds a module that asks for that one.
 * @param {string} has @param {string} needed
 */
export function isGoEnough(has, needed) {
  const [major, minor] = versionIn(has)
  const [neededMajor, neededMinor] = versionIn(needed)
  return major > neededMajor || (major === neededMajor && minor >= neededMinor)
}

/** The `go` line of a go.mod. @param {string} text */
export const goLine = (text) => /^go \S+/m.exec(text)?.[0] ?? 'go 1.0'

/**
 * What to do about the agent, and the words for it.
 * @param {object} facts
 * @param {string} facts.platform
 * @param {string | undefined} facts.go what `go version` says
 * @param {string | undefined} facts.offered the version that apt would install; apt may know none before it has asked
 * @param {string} facts.needed the `go` line of the agent's go.mod
 * @param {boolean} facts.hasApt
 * @param {boolean} facts.canBeRoot
 * @param {boolean} facts.isSilent
 * @returns {{ step: 'build' | 'install' | 'ask' | 'impossible', why: string }}
 */
export function agentStep(facts) {
  const { go, offered, needed } = facts
  if (go !== undefined)
    return isGoEnough(go, needed)
      ? { step: 'build', why: 'Go is installed' }
      : { step: 'impossible', why: `the Go here is ${go.split(' ')[2] ?? go}, and it needs ${needed}` }
  if (facts.platform !== 'linux')
    return { step: 'impossible', why: 'there is no Go here; https://go.dev/dl has it' }
  if (offered !== undefined && !isGoEnough(offered, needed))
    return { step: 'impossible', why: `apt's golang-go is ${offered}, and it needs ${needed}` }
  return aptStep('golang-go', facts, 'there is no Go here to build it with')
}
