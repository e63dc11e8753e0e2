import type { Manifest } from './manifest'

export interface PackageChange {
  readonly name: string
  /** Absent: it is new. */
  readonly from?: string
  /** Absent: it went. */
  readonly to?: string
}

export interface ManifestDiff {
  readonly kernel?: { readonly from: string; readonly to: string }
  readonly packages: readonly PackageChange[]
  /** Files of the image whose bytes differ, with their sizes. */
  readonly files: readonly { readonly name: string; readonly fromBytes: number; readonly toBytes: number }[]
}

/** What changed from one image to another, packages by name. */
export function diffManifests(before: Manifest, after: Manifest): ManifestDiff {
  const old = new Map(before.packages.map((one) => [one.name, one]))
  const now = new Map(after.packages.map((one) => [one.name, one]))
  const names = [...new Set([...old.keys(), ...now.keys()])].sort()
  const packages = names.flatMap((name): PackageChange[] => {
    const [from, to] = [old.get(name), now.get(name)]
    if (from && to && from.version === to.version && from.sha256 === to.sha256) return []
    return [{ name, ...(from && { from: from.version }), ...(to && { to: to.version }) }]
  })
  const files = after.files.flatMap((file) => {
    const same = before.files.find(({ name }) => name === file.name)
    if (same?.sha256 === file.sha256) return []
    return [{ name: file.name, fromBytes: same?.sizeBytes ?? 0, toBytes: file.sizeBytes }]
  })
  const kernel = before.kernel === after.kernel ? undefined : { from: before.kernel, to: after.kernel }
  return { packages, files, ...(kernel && { kernel }) }
}
