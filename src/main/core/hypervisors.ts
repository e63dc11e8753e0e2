import { hyperKitBackend } from './machines/hyperkit/hyperkit-backend'
import { openImages } from './machines/image/open-images'
import { QemuBackend } from './machines/qemu/qemu-backend'
import type { Backend } from './machines/vm/backend'
import type { ImageSource } from './machines/vm/image-source'
import type { Paths } from './platform/paths'

export interface Hypervisors {
  readonly backends: readonly Backend[]
  readonly images: ImageSource
}

/** The hypervisors that this system may have, the preferred one first, and where their images come from. */
export async function hypervisors(place: {
  readonly paths: Paths
  readonly env: NodeJS.ProcessEnv
}): Promise<Hypervisors> {
  const { platform, arch } = process
  const { paths, env } = place
  const isIntelMac = platform === 'darwin' && arch === 'x64'
  return {
    backends: [new QemuBackend({ platform, arch, env }), ...(isIntelMac ? [hyperKitBackend()] : [])],
    images: await openImages({ dir: paths.images, env }),
  }
}
