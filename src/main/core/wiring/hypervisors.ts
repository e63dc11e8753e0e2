import { hyperKitBackend } from '../machines/hyperkit/hyperkit-backend'
import { hyperVBackend } from '../machines/hyperv/hyperv-backend'
import { openImages } from '../machines/image/open-images'
import { QemuBackend } from '../machines/qemu/qemu-backend'
import type { Backend } from '../machines/vm/backend'
import type { ImageSource } from '../machines/vm/image-source'
import type { Paths } from '../platform/paths'

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
  return {
    backends: [
      new QemuBackend({ platform, arch, env }),
      // Also where they do not work: their probe says why.
      ...(platform === 'darwin' ? [hyperKitBackend()] : []),
      ...(platform === 'win32' ? [hyperVBackend()] : []),
    ],
    images: await openImages({ dir: paths.images, env }),
  }
}
