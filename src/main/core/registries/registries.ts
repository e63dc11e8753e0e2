import type { Handlers } from '../../../shared/contract'
import { dockerConfigPath, readDockerConfig } from './docker-config'
import { hostOf, type RegistriesDeps } from './registry-auth'

/** Names of registries that docker's config knows a login for; what the login is stays where it is. */
export function registryHandlers({ env = process.env }: RegistriesDeps = {}): Pick<
  Handlers,
  'registries.list'
> {
  return {
    'registries.list': async () => {
      const { auths, credHelpers } = await readDockerConfig(dockerConfigPath(env))
      const names = [...Object.keys(auths), ...Object.keys(credHelpers)].map(hostOf).filter(Boolean)
      return { registries: [...new Set(names)].sort() }
    },
  }
}
