import { commandFor, type Names } from '../../../../shared/commands'
import type { Container, Engine } from '../../../../shared/model'
import { isOffered, verbs, type Verb } from './offered'

export interface VerbCommand {
  readonly verb: Verb
  readonly command: string
}

/** The equal `docker` commands of what this container can take now. */
export function commandsOf(container: Container, engine: Engine | undefined): readonly VerbCommand[] {
  const names: Names = { nameOf: () => container.name, hostOf: () => hostFlag(engine) }
  const ref = { engine: container.engine, id: container.id }
  const write: { readonly [V in Verb]: () => string } = {
    start: () => commandFor('containers.start', ref, names),
    stop: () => commandFor('containers.stop', ref, names),
    restart: () => commandFor('containers.restart', ref, names),
    pause: () => commandFor('containers.pause', ref, names),
    resume: () => commandFor('containers.resume', ref, names),
    kill: () => commandFor('containers.kill', { ...ref, signal: 'SIGKILL' }, names),
    remove: () =>
      commandFor(
        'containers.remove',
        { ...ref, force: container.state === 'running', volumes: false },
        names,
      ),
  }
  return verbs.filter((verb) => isOffered(verb, container)).map((verb) => ({ verb, command: write[verb]() }))
}

/** Engines that `docker` finds by itself in the person's shell need no host. */
function hostFlag(engine: Engine | undefined): string | undefined {
  if (!engine || engine.origin === 'docker-host' || engine.origin === 'docker-context') return undefined
  return engine.address === 'unix:///var/run/docker.sock' ? undefined : engine.address
}
