import { MachinePorts } from './machine-ports'
import type { PortLink, PortsDeps } from './port-link'

/** The published ports of all machines. `begin`, `end` and `settingsChanged` are called for each machine's link. */
export interface Ports {
  readonly name: 'ports'
  begin(link: PortLink): Promise<void>
  /** Before a suspend or shutdown: no listener of the host is left. */
  end(link: PortLink): Promise<void>
  settingsChanged(link: PortLink): void
}

export function createPorts(deps: PortsDeps): Ports {
  const links = new WeakMap<PortLink, MachinePorts>()
  return {
    name: 'ports',
    begin(link) {
      const ports = new MachinePorts(link, deps)
      links.set(link, ports)
      return ports.begin()
    },
    end: async (link) => links.get(link)?.end(),
    settingsChanged: (link) => void links.get(link)?.sync(),
  }
}
