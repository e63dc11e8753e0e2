import { findCheckout } from './build-image'
import type { ReleasePlace } from './download-image'
import { ImageStore } from './image-store'

/** Where the makers of Slipway put images, and the key that they sign with; set by the first release. */
const official = undefined as ReleasePlace | undefined

interface OpenImages {
  /** `paths.images`. */
  readonly dir: string
  /** `SLIPWAY_IMAGE_URL` and `SLIPWAY_IMAGE_KEY`: an own server of images. */
  readonly env: NodeJS.ProcessEnv
}

/** The images of this installation: built in a checkout, fetched in a release. */
export async function openImages({ dir, env }: OpenImages): Promise<ImageStore> {
  const checkout = process.platform === 'linux' ? await findCheckout() : undefined
  const release = releaseOf(env)
  return new ImageStore({ dir, ...(checkout && { checkout }), ...(release && { release }) })
}

/** An address alone is a mirror of the official images: whoever runs it, our key must have signed. */
export function releaseOf(env: NodeJS.ProcessEnv): ReleasePlace | undefined {
  const url = env['SLIPWAY_IMAGE_URL']?.replace(/\/+$/, '') ?? official?.url
  const publicKey = env['SLIPWAY_IMAGE_KEY'] ?? official?.publicKey
  return url && publicKey ? { url, publicKey } : undefined
}
