import { createHash } from 'node:crypto'
import { helperLabel } from '../../../shared/model'
import { tarEnd, tarHead, tarPadding } from '../platform/tar/write-tar'

/** An image as `docker load` takes it, and what engines call it. */
export interface HelperImage {
  /**
   * Made of its content, so nothing else is called so: the digest of its configuration, or, in engines that keep
   * images in containerd's store, that of its manifest.
   */
  readonly ids: readonly string[]
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
  const config = json({
    ...platform,
    created,
    config: { Labels: { [helperLabel]: 'agent' } },
    rootfs: { type: 'layers', diff_ids: [digest(layer)] },
    history: [{ created, created_by: name }],
  })
  const [configBlob, layerBlob] = [config, layer].map((bytes) => ({
    digest: digest(bytes),
    size: bytes.length,
  }))
  const manifest = json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.manifest.v1+json',
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...configBlob },
    layers: [{ mediaType: 'application/vnd.oci.image.layer.v1.tar', ...layerBlob }],
  })
  const blobs = [config, layer, manifest]
  return {
    name,
    ids: [digest(config), digest(manifest)],
    tar: archive(blobs, [
      // For the engine's own store, and for containerd's, which reads the index.
      ['manifest.json', json([{ Config: pathOf(config), RepoTags: [name], Layers: [pathOf(layer)] }])],
      ['oci-layout', json({ imageLayoutVersion: '1.0.0' })],
      ['index.json', indexOf(manifest, name, platform)],
    ]),
  }
}

function indexOf(manifest: Buffer, name: string, platform: object): Buffer {
  const mediaType = 'application/vnd.oci.image.manifest.v1+json'
  const annotations = { 'io.containerd.image.name': `docker.io/library/${name}` }
  const described = { mediaType, digest: digest(manifest), size: manifest.length, annotations, platform }
  return json({
    schemaVersion: 2,
    mediaType: 'application/vnd.oci.image.index.v1+json',
    manifests: [described],
  })
}

function archive(blobs: readonly Buffer[], files: readonly (readonly [string, Buffer])[]): Buffer {
  return Buffer.concat([
    ...['blobs', 'blobs/sha256'].map(folder),
    ...blobs.flatMap((bytes) => file(pathOf(bytes), bytes, 0o644)),
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
const digest = (bytes: Buffer): string => `sha256:${createHash('sha256').update(bytes).digest('hex')}`
const pathOf = (bytes: Buffer): string => `blobs/${digest(bytes).replace(':', '/')}`

/** From the program's own ELF head. */
const architectureOf = (program: Buffer): string =>
  program.length >= 20 && program.readUInt16LE(18) === 0xb7 ? 'arm64' : 'amd64'
