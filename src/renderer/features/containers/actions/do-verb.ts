import { formatDockerRun } from '../../../../shared/run'
import type { Container } from '../../../../shared/model'
import { call } from '../../../api'
import { act } from '../../../api/act'
import { toWire } from '../../../../shared/errors'
import type { Translate } from '../../../i18n'
import { copyText } from '../../../objects/copy-text'
import { showError } from '../../../store/toasts'
import { takers, type Verb } from './offered'

export type PlainVerb = Exclude<Verb, 'remove'>

/** Asks for it for each container that can take it; the rows show what is pending, failures are told. */
export function doVerb(verb: PlainVerb, containers: readonly Container[]): void {
  for (const { engine, id } of takers(verb, containers)) void act(`containers.${verb}`, { engine, id })
}

export const sendSignal = (container: Container, signal: string): void =>
  void act('containers.kill', { engine: container.engine, id: container.id, signal })

/** The `docker run` that makes this container. */
export async function copyRun(t: Translate, container: Container): Promise<void> {
  try {
    const { spec, flags, networks } = await call('containers.spec', {
      engine: container.engine,
      id: container.id,
    })
    // A log driver's options may be a token.
    const mayTell = spec.env.length > 0 || flags.some(([flag]) => flag === '--log-opt')
    const said = [
      mayTell ? t('containers.copiedRun') : `${t('objects.copied')}.`,
      ...(networks.length > 0 ? [t('containers.copiedNetworks', { names: networks.join(', ') })] : []),
    ]
    await copyText(formatDockerRun(spec, { multiline: true, flags }), said.join(' '))
  } catch (thrown) {
    showError(toWire(thrown))
  }
}
