import type { ErrorCode, Facts, WireError } from '../../shared/errors'
import { tlsProblems } from '../../shared/model/tls-problem'
import { bootStages } from '../../shared/model'
import type { TextKey, Translate } from '.'

export interface ErrorWords {
  readonly title: string
  /** What to do next. */
  readonly text: string
  /** What the engine or the system said, in its own words. */
  readonly detail?: string
  /** A command that mends it, ready to paste. */
  readonly command?: string
}

/** A problem in the person's words: what happened, and what to do next. */
export function errorWords(t: Translate, error: Pick<WireError, 'code' | 'facts'>): ErrorWords {
  const [title, general] = keysOf(error.code)
  const text = tlsText(error) ?? usersText(error) ?? general
  const values = valuesOf(t, error.facts)
  const detail = firstText(error.facts, ['detail', 'problem', 'reason'])
  const command = firstText(error.facts, ['command', 'mend'])
  return {
    title: t(title, values),
    text: t(text, values),
    ...(detail !== undefined && { detail }),
    ...(command !== undefined && { command }),
  }
}

/** There are many reasons for one code, and each is mended in another place. */
function tlsText({ code, facts }: Pick<WireError, 'code' | 'facts'>): TextKey | undefined {
  const problem = code === 'engine.tls' ? tlsProblems.find((one) => one === facts['tls']) : undefined
  return problem && `errors.tls.${problem}`
}

/** Who uses it is told where core knows. */
const usersText = ({ code, facts }: Pick<WireError, 'code' | 'facts'>): TextKey | undefined =>
  code === 'object.in-use' && facts['names'] ? 'errors.inUse.by' : undefined

/** Facts that a sentence may name. A fact that core did not tell gets a neutral word, never a hole. */
function valuesOf(t: Translate, facts: Facts): Record<string, string> {
  const of = (name: string, otherwise: string): string => {
    const fact = facts[name]
    return fact === undefined || fact === '' ? otherwise : String(fact)
  }
  return {
    address: of('address', t('errors.theEngine')),
    name: of('name', t('errors.theObject')),
    path: of('path', t('errors.theFile')),
    port: of('port', t('errors.thePort')),
    users: usersOf(facts),
    holder: of('holder', t('errors.another')),
    group: of('group', 'docker'),
    user: of('user', '$USER'),
    reference: of('reference', t('errors.theImage')),
    registry: of('registry', t('errors.theRegistry')),
    version: of('version', '1.41'),
    stage: stageWords(t, facts['stage']) ?? of('stage', t('errors.theStart')),
    field: of('path', t('errors.aField')),
    target: of('target', t('errors.theTarget')),
    expected: of('expected', t('errors.theKey')),
    got: of('got', t('errors.theKey')),
    fingerprint: of('fingerprint', ''),
    keyType: of('keyType', ''),
    prompt: of('prompt', t('errors.theAnswer')),
  }
}

/** Core names the first ten. */
function usersOf({ names, count }: Facts): string {
  const shown = typeof names === 'string' && names !== '' ? names.split(', ').length : 0
  const more = typeof count === 'number' ? count - shown : 0
  return `${String(names ?? '')}${more > 0 ? ` +${more}` : ''}`
}

/** A machine's own stages have words; others are told as core tells them. */
function stageWords(t: Translate, stage: unknown): string | undefined {
  const known = bootStages.find((name) => name === stage)
  return known && t(`machines.stage.${known}`)
}

function firstText(facts: Facts, names: readonly string[]): string | undefined {
  for (const name of names) {
    const fact = facts[name]
    if (typeof fact === 'string' && fact !== '') return fact
  }
  return undefined
}

type Pair = readonly [title: TextKey, text: TextKey]

/** A new code does not compile until it has words. */
const words = {
  'engine.unreachable': ['errors.engineUnreachable.title', 'errors.engineUnreachable.text'],
  'engine.socket-missing': ['errors.socketMissing.title', 'errors.socketMissing.text'],
  'engine.forbidden': ['errors.engineForbidden.title', 'errors.engineForbidden.text'],
  'engine.not-responding': ['errors.notResponding.title', 'errors.notResponding.text'],
  'engine.too-old': ['errors.tooOld.title', 'errors.tooOld.text'],
  'engine.tls': ['errors.tls.title', 'errors.tls.text'],
  'engine.bad-answer': ['errors.badAnswer.title', 'errors.badAnswer.text'],
  'engine.unsupported': ['errors.unsupported.title', 'errors.unsupported.text'],
  'engine.failed': ['errors.engineFailed.title', 'errors.engineFailed.text'],
  'engine.unknown': ['errors.engineUnknown.title', 'errors.engineUnknown.text'],
  'object.not-found': ['errors.notFound.title', 'errors.notFound.text'],
  'object.conflict': ['errors.conflict.title', 'errors.conflict.text'],
  'object.in-use': ['errors.inUse.title', 'errors.inUse.text'],
  'request.invalid': ['errors.requestInvalid.title', 'errors.requestInvalid.text'],
  'request.unauthorized': ['errors.unauthorized.title', 'errors.unauthorized.text'],
  'registry.unauthorized': ['errors.registryUnauthorized.title', 'errors.registryUnauthorized.text'],
  'registry.not-found': ['errors.registryNotFound.title', 'errors.registryNotFound.text'],
  'registry.unreachable': ['errors.registryUnreachable.title', 'errors.registryUnreachable.text'],
  'registry.rate-limited': ['errors.rateLimited.title', 'errors.rateLimited.text'],
  'image.damaged': ['errors.imageDamaged.title', 'errors.imageDamaged.text'],
  'port.in-use': ['errors.portInUse.title', 'errors.portInUse.text'],
  'disk.full': ['errors.diskFull.title', 'errors.diskFull.text'],
  'machine.start-failed': ['errors.startFailed.title', 'errors.startFailed.text'],
  'machine.not-ours': ['errors.notOurs.title', 'errors.notOurs.text'],
  'machine.unknown': ['errors.machineUnknown.title', 'errors.machineUnknown.text'],
  'machine.name-taken': ['errors.machineNameTaken.title', 'errors.machineNameTaken.text'],
  'machine.wrong-state': ['errors.machineWrongState.title', 'errors.machineWrongState.text'],
  'machine.unavailable': ['errors.machineUnavailable.title', 'errors.machineUnavailable.text'],
  'machine.boot-timeout': ['errors.machineBootTimeout.title', 'errors.machineBootTimeout.text'],
  'machine.crashed': ['errors.machineCrashed.title', 'errors.machineCrashed.text'],
  'machine.ended': ['errors.machineEnded.title', 'errors.machineEnded.text'],
  'machine.frozen': ['errors.machineFrozen.title', 'errors.machineFrozen.text'],
  'machine.disk-in-use': ['errors.machineDiskInUse.title', 'errors.machineDiskInUse.text'],
  'machine.disk-failed': ['errors.machineDiskFailed.title', 'errors.machineDiskFailed.text'],
  'machine.disk-missing': ['errors.machineDiskMissing.title', 'errors.machineDiskMissing.text'],
  'machine.disk-shrink': ['errors.machineDiskShrink.title', 'errors.machineDiskShrink.text'],
  'machine.suspend-failed': ['errors.machineSuspendFailed.title', 'errors.machineSuspendFailed.text'],
  'machine.guest-failed': ['errors.machineGuestFailed.title', 'errors.machineGuestFailed.text'],
  'machine.daemon-json': ['errors.machineDaemonJson.title', 'errors.machineDaemonJson.text'],
  'machine.image-missing': ['errors.machineImageMissing.title', 'errors.machineImageMissing.text'],
  'machine.image-fetch': ['errors.machineImageFetch.title', 'errors.machineImageFetch.text'],
  'machine.image-build': ['errors.machineImageBuild.title', 'errors.machineImageBuild.text'],
  'machine.image-damaged': ['errors.machineImageDamaged.title', 'errors.machineImageDamaged.text'],
  'machine.name-differs': ['errors.machineNameDiffers.title', 'errors.machineNameDiffers.text'],
  'tunnel.unreachable': ['errors.tunnelUnreachable.title', 'errors.tunnelUnreachable.text'],
  'tunnel.not-responding': ['errors.tunnelSilent.title', 'errors.tunnelSilent.text'],
  'tunnel.bad-answer': ['errors.tunnelBadAnswer.title', 'errors.tunnelBadAnswer.text'],
  'tunnel.auth-failed': ['errors.tunnelAuth.title', 'errors.tunnelAuth.text'],
  'tunnel.host-key-changed': ['errors.tunnelKeyChanged.title', 'errors.tunnelKeyChanged.text'],
  'tunnel.forbidden': ['errors.tunnelForbidden.title', 'errors.tunnelForbidden.text'],
  'tunnel.refused': ['errors.tunnelRefused.title', 'errors.tunnelRefused.text'],
  'tunnel.busy': ['errors.tunnelBusy.title', 'errors.tunnelBusy.text'],
  'tunnel.lost': ['errors.tunnelLost.title', 'errors.tunnelLost.text'],
  'ssh.unknown-host': ['errors.sshUnknownHost.title', 'errors.sshUnknownHost.text'],
  'ssh.needs-answer': ['errors.sshNeedsAnswer.title', 'errors.sshNeedsAnswer.text'],
  'ssh.key-revoked': ['errors.sshRevoked.title', 'errors.sshRevoked.text'],
  'ssh.no-engine': ['errors.sshNoEngine.title', 'errors.sshNoEngine.text'],
  'ssh.config': ['errors.sshConfig.title', 'errors.sshConfig.text'],
  'terminal.no-shell': ['errors.noShell.title', 'errors.noShell.text'],
  'terminal.ended': ['errors.terminalEnded.title', 'errors.terminalEnded.text'],
  'terminal.unknown': ['errors.terminalUnknown.title', 'errors.terminalUnknown.text'],
  'terminal.agent-lost': ['errors.terminalAgentLost.title', 'errors.terminalAgentLost.text'],
  'settings.read-only': ['errors.settingsReadOnly.title', 'errors.settingsReadOnly.text'],
  'core.gone': ['errors.coreGone.title', 'errors.coreGone.text'],
  'input.invalid': ['errors.inputInvalid.title', 'errors.inputInvalid.text'],
  'call.unknown': ['errors.callUnknown.title', 'errors.callUnknown.text'],
  'stream.broken': ['errors.streamBroken.title', 'errors.streamBroken.text'],
  'port.forbidden': ['errors.portForbidden.title', 'errors.portForbidden.text'],
  'port.unsupported': ['errors.portUnsupported.title', 'errors.portUnsupported.text'],
  'share.refused': ['errors.shareRefused.title', 'errors.shareRefused.text'],
  'reset.incomplete': ['errors.resetIncomplete.title', 'errors.resetIncomplete.text'],
  'file.failed': ['errors.fileFailed.title', 'errors.fileFailed.text'],
  cancelled: ['errors.cancelled.title', 'errors.cancelled.text'],
  bug: ['errors.bug.title', 'errors.bug.text'],
} as const satisfies Record<ErrorCode, Pair>

/** Core may be newer than this window: a code that we do not know is worded as our bug. */
const keysOf = (code: ErrorCode): Pair => (words as Partial<Record<string, Pair>>)[code] ?? words.bug
