import { createHash } from 'node:crypto'
import { helperLabel } from '../../../shared/model'
import { tarEnd, tarHead, tarPadding } from '../platform/tar/write-tar'

/** All that the image says of how it runs. */
export const helperConfig = { Labels: { [helperLabel]: 'agent' } }

/** An image as `docker load` takes it, and what engines call it. */
export interface HelperImage {
  /**
   * Made of its content, so nothing else is called so: the digest of its configuration, or, in engines that keep
   * images in containerd's store, that of its manifest.
   */
  readonly ids: readonly string[]
  /** Of its one layer, as it is without compression: its content whatever an engine makes of the image's form. */
  readonly diffId: string
  /** For people: a name can be given to any other image. */
  readonly name: string
  readonly tar: Buffer
}

/** `slipway-agent:VERSION`: the one program is the whole root file system. The same program makes the same image. */
export function helperImage(repository: string, version: string, program: Buffer): HelperImage {
  const name = `${repository}:${version}`
  const layer = Buffer.concat([...file(repository, program, 0o755), tarEnd()])
  const platform = { architecture: architectureOf(program), os: 'linux' }
  const created = '1970-01-01T00:00:00Z'
  const layerBlob = blob(layer)
  const config = blob(
    json({
      ...platform,
      created,
      config: helperConfig,
      rootfs: { type: 'layers', diff_ids: [layerBlob.digest] },
      history: [{ created, created_by: name }],
    }),
  )
  const manifest = blob(
    json({
      schemaVersion: 2,
      mediaType: 'application/vnd.oci.image.manifest.v1+json',
      config: described(config, 'application/vnd.oci.image.config.v1+json'),
      layers: [described(layerBlob, 'application/vnd.oci.image.layer.v1.tar')],
    }),
  )
  const loaded = [{ Config: pathOf(config), RepoTags: [name], Layers: [pathOf(layerBlob)] }]
  return {
    name,
    ids: [config.digest, manifest.digest],
    diffId: layerBlob.digest,
    tar: archive(
      [config, layerBlob, manifest],
      [
        // For the engine's own store, and for containerd's, which reads the index.
        ['manifest.json', json(loaded)],
        ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
        ['index.json', indexOf(manifest, name, platform)],
      ],
    ),
  }
}

function indexOf(manifest: Blob, name: string, platform: object): Buffer {
  const annotations = { 'io.containerd.image.name': `docker.io/library/${name}` }
  const one = described(manifest, 'application/vnd.oci.image.manifest.v1+json')
  return json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [{ ...one, annotations, platform }],
  })
}

interface Blob {
  readonly bytes: Buffer
  readonly digest: string
}

const blob = (bytes: Buffer): Blob => ({
  bytes,
  digest: `sha256:${createHash('sha256').update(bytes).digest('hex')}`,
})
const described = ({ bytes, digest }: Blob, mediaType: string): object => ({
  mediaType,
  digest,
  size: bytes.length,
})
const pathOf = ({ digest }: Blob): string => `blobs/${digest.replace(':', '/')}`

function archive(blobs: readonly Blob[], files: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([
    ...['blobs', 'blobs/sha256'].map(folder),
    ...blobs.flatMap((one) => file(pathOf(one), one.bytes, 0o644)),
    ...files.flatMap(([path, bytes]) => file(path, bytes, 0o644)),
    tarEnd(),
  ])
}

const owner = { uid: 0, gid: 0, mtimeS: 0 }

const file = (name: string, bytes: Buffer, mode: number): Buffer[] => [
  tarHead({ name: Buffer.from(name), type: 'file', sizeBytes: bytes.length, mode, ...owner }),
  bytes,
  tarPadding(bytes.length),
]

const folder = (name: string): Buffer =>
  tarHead({ name: Buffer.from(name), type: 'folder', sizeBytes: 0, mode: 0o755, ...owner })

const json = (value: object): Buffer => Buffer.from(JSON.stringify(value))

/** From the program's own ELF head. */
const architectureOf = (program: Buffer): string =>
  program.length >= 20 && program.readUInt16LE(18) === 0xb7 ? 'arm64' : 'amd64'
