import type { Container, ContainerState } from '../../../../shared/model'
import { isUp } from '../../../objects/container-words'

/** What can be done to a container with one press. */
export const verbs = ['start', 'stop', 'restart', 'pause', 'resume', 'kill', 'remove'] as const
export type Verb = (typeof verbs)[number]

/** In which states the engine takes a verb. `removing` and `dead` take nothing but another try at removal. */
const statesFor: Readonly<Record<Verb | 'rename', readonly ContainerState[]>> = {
  start: ['created', 'exited'],
  stop: ['running', 'restarting', 'paused'],
  restart: ['created', 'running', 'restarting', 'exited'],
  pause: ['running'],
  resume: ['paused'],
  kill: ['running', 'restarting', 'paused'],
  remove: ['created', 'running', 'paused', 'restarting', 'exited', 'dead'],
  rename: ['created', 'running', 'paused', 'restarting', 'exited'],
}

export const isOffered = (verb: Verb | 'rename', container: Pick<Container, 'state'>): boolean =>
  statesFor[verb].includes(container.state)

/** Those of a selection that a verb can be done to. */
export const takers = (verb: Verb, containers: readonly Container[]): readonly Container[] =>
  containers.filter((one) => isOffered(verb, one))

/** What the key S does to a selection: what runs stops; only when nothing of it runs does it start. */
export const startOrStop = (containers: readonly Container[]): 'start' | 'stop' =>
  takers('stop', containers).length > 0 ? 'stop' : 'start'

/** The same of the key P. */
export const pauseOrResume = (containers: readonly Container[]): 'pause' | 'resume' =>
  takers('pause', containers).length > 0 ? 'pause' : 'resume'

/** The engine refuses to remove these without force. */
export const needsForce = isUp

/** What people send to programs, most used first; the engine takes any that its kernel knows. */
export const signals = [
  'SIGKILL',
  'SIGTERM',
  'SIGINT',
  'SIGHUP',
  'SIGQUIT',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
] as const

/** The engine's own rule for a container's name. */
export const isName = (text: string): boolean =>
  /^[a-zA-Z0-9][a-zA-Z0-9_.-]+$/.test(text) && text.length <= 255

/** Anonymous volumes have 64 hex digits for a name: nobody else will ever find them again. */
export const anonymousVolumes = (container: Pick<Container, 'mounts'>): readonly string[] =>
  container.mounts.filter((m) => m.type === 'volume' && /^[0-9a-f]{64}$/.test(m.source)).map((m) => m.source)
