import type { Engine } from '../../shared/model'
import type { Translate } from '../i18n'
import type { Tone } from '../ui'

const tones: Readonly<Record<Engine['state']['kind'], Tone>> = {
  starting: 'busy',
  connecting: 'busy',
  running: 'ok',
  lost: 'bad',
  stopped: 'idle',
}
export const engineTone = (engine: Engine): Tone => tones[engine.state.kind]
export const engineStateWords = (t: Translate, engine: Engine): string =>
  t(`shell.engineState.${engine.state.kind}`)
