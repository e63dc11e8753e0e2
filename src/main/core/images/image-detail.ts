import type { ImageDetail, ImageId, Json } from '../../../shared/model'
import { digestsOf, tagsOf } from '../inventory/image-row'

/** The fields of `GET /images/{id}/json` that we read. Older engines and Podman send null for empty. */
interface RawImage {
  readonly Id: string
  readonly RepoTags?: readonly string[] | null
  readonly RepoDigests?: readonly string[] | null
  readonly Created?: string | null
  readonly Os?: string
  readonly Architecture?: string
  readonly Variant?: string
  readonly Size?: number
  readonly Author?: string
  readonly Config?: RawConfig | null
}

interface RawConfig {
  readonly Entrypoint?: readonly string[] | null
  readonly Cmd?: readonly string[] | null
  readonly WorkingDir?: string
  readonly User?: string
  readonly Env?: readonly string[] | null
  readonly ExposedPorts?: object | null
  readonly Volumes?: object | null
  readonly Labels?: Readonly<Record<string, string>> | null
  readonly StopSignal?: string
  readonly Healthcheck?: { readonly Test?: readonly string[] | null } | null
}

/** Sorts an engine's inspect for reading; `raw` keeps all of it. */
export function imageDetail(raw: Json): ImageDetail {
  const image = raw as unknown as RawImage
  const created = Date.parse(image.Created ?? '')
  return {
    id: image.Id as ImageId,
    tags: tagsOf(image.RepoTags),
    digests: digestsOf(image.RepoDigests),
    createdAtMs: Number.isNaN(created) ? 0 : created,
    os: image.Os ?? '',
    arch: [image.Architecture, image.Variant].filter(Boolean).join('/'),
    sizeBytes: image.Size ?? 0,
    author: image.Author ?? '',
    ...configOf(image.Config ?? {}),
    raw,
  }
}

function configOf(config: RawConfig) {
  return {
    entrypoint: config.Entrypoint ?? [],
    command: config.Cmd ?? [],
    workdir: config.WorkingDir ?? '',
    user: config.User ?? '',
    env: (config.Env ?? []).map(pairOf),
    exposedPorts: Object.keys(config.ExposedPorts ?? {}),
    volumes: Object.keys(config.Volumes ?? {}),
    labels: config.Labels ?? {},
    stopSignal: config.StopSignal ?? '',
    healthTest: config.Healthcheck?.Test ?? [],
  }
}

function pairOf(text: string): { name: string; value: string } {
  const equals = text.indexOf('=')
  return equals < 0
    ? { name: text, value: '' }
    : { name: text.slice(0, equals), value: text.slice(equals + 1) }
}
