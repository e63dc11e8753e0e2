import type { EngineAddress, SshEngineAddress } from '../../../shared/model'
import type { Dial } from '../engine/engine'
import { remoteHandlers } from '../machines/ssh/remote-handlers'
import { Remotes } from '../machines/ssh/remotes'
import { commandRoad } from '../tunnel/command-road'
import { agentIdentities } from '../tunnel/key-agent'
import { readKeyFile } from '../tunnel/key-file'
import { fingerprint } from '../tunnel/keys'
import { openLink, tcpRoad } from '../tunnel/open-link'

/** Hosts over SSH, joined to the tunnel. */
export class RemoteParts {
  readonly remotes: Remotes

  constructor(deps: { readonly home: string; readonly env: NodeJS.ProcessEnv }) {
    const tools = { openLink, tcpRoad, commandRoad, agentIdentities, readKeyFile, fingerprint }
    this.remotes = new Remotes({ tools, ...deps })
  }

  /** The road to an engine over SSH; `undefined` for all other addresses. */
  readonly dialOf = (address: EngineAddress): Dial | undefined =>
    address.kind === 'ssh' ? this.remotes.dialOf(address) : undefined

  /** The same for an address that may not become an engine. */
  readonly dialToAsk = (address: EngineAddress): Dial | undefined =>
    address.kind === 'ssh' ? this.remotes.dialToAsk(address) : undefined

  /** What a host shows before a login, once it was logged in to. */
  readonly bannerOf = (address: EngineAddress): string =>
    address.kind === 'ssh' ? this.remotes.host(address).banner : ''

  /** Lets go of what no engine of the list needs. */
  keepOnly(addresses: readonly EngineAddress[]): void {
    this.remotes.keepOnly(addresses.filter((address): address is SshEngineAddress => address.kind === 'ssh'))
  }

  handlers(retryEngines: () => void): ReturnType<typeof remoteHandlers> {
    return remoteHandlers({ remotes: this.remotes, retryEngines })
  }
}
