import * as v from 'valibot'
import { AppError } from '../../../../shared/errors'

const hex = (digits: number) => v.pipe(v.string(), v.regex(new RegExp(`^[0-9a-f]{${digits}}$`)))
const count = v.pipe(v.number(), v.integer(), v.minValue(0))
// No folders, no dots in front: a name becomes a path in our own folder.
const fileName = v.pipe(v.string(), v.regex(/^[a-z0-9][a-z0-9.-]{0,60}$/))

/** A file as it is fetched: smaller, another name, unpacked once. */
const packedSchema = v.object({ name: fileName, sizeBytes: count, sha256: hex(64) })

const manifestSchema = v.object({
  /** Of this description, and of what core may ask of the guest: a core uses only images of its own number. */
  format: v.literal(1),
  /** The hash of the image's inputs; names its folder. */
  id: hex(32),
  arch: v.picklist(['amd64', 'arm64']),
  distribution: v.string(),
  kernel: v.string(),
  /** Seconds since 1970, of the newest file of the packages: the time that all files of the image carry. */
  epochS: count,
  files: v.array(
    v.object({ name: fileName, sizeBytes: count, sha256: hex(64), packed: v.optional(packedSchema) }),
  ),
  /** Those of which something is in the image. */
  packages: v.array(
    v.object({
      name: v.string(),
      version: v.string(),
      arch: v.string(),
      sha256: hex(64),
      sizeBytes: count,
      /** Short names as Debian's machine-readable copyright gives them, else `see copyright`. */
      licence: v.string(),
      /** How many of its files are in the image. */
      files: count,
    }),
  ),
})

/** What an image is and what it is made of; lies beside it. */
export type Manifest = v.InferOutput<typeof manifestSchema>
export type ManifestFile = Manifest['files'][number]
export type ManifestPackage = Manifest['packages'][number]
export type ImageArch = Manifest['arch']

/** Throws `image.damaged` for what is no manifest of ours. */
export function parseManifest(text: string): Manifest {
  try {
    return v.parse(manifestSchema, JSON.parse(text))
  } catch (cause) {
    throw new AppError('machine.image-damaged', 'The description of the machine image cannot be read', {
      cause,
    })
  }
}

/** Node's word for this computer, in Debian's; undefined where no image can run. */
export function archOf(nodeArch: string): ImageArch | undefined {
  if (nodeArch === 'x64') return 'amd64'
  return nodeArch === 'arm64' ? 'arm64' : undefined
}
