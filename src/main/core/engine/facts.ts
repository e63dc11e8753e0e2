import type { EngineFacts } from '../../../shared/model'

export interface Identity {
  readonly version: unknown
  readonly info: unknown
  readonly apiVersion: string
}

type Answer = Readonly<Record<string, unknown>>
const answer = (value: unknown): Answer =>
  typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Answer) : {}
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const count = (value: unknown): number => (typeof value === 'number' && value >= 0 ? value : 0)
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])

/** From `GET /version` and `GET /info`; what an engine leaves out is empty or 0. */
export function factsOf({ version, info, apiVersion }: Identity): EngineFacts {
  const [v, i] = [answer(version), answer(info)]
  const components = list(v['Components']).map((component) => text(answer(component)['Name']))
  return {
    version: text(v['Version']) || text(i['ServerVersion']),
    apiVersion,
    os: text(i['OperatingSystem']) || text(v['Os']),
    arch: text(i['Architecture']) || text(v['Arch']),
    cpus: count(i['NCPU']),
    memoryBytes: count(i['MemTotal']),
    name: text(i['Name']),
    rootDir: text(i['DockerRootDir']),
    storageDriver: text(i['Driver']),
    ...containerdOf(i),
    cgroupVersion: text(i['CgroupVersion']) || '1',
    isRootless: list(i['SecurityOptions']).includes('name=rootless') || i['Rootless'] === true,
    isPodman: components.some((name) => /podman/i.test(name)),
  }
}

/** `driver-type` of the driver's status says so, whichever snapshotter it is. */
function containerdOf(info: Answer): Pick<EngineFacts, 'containerd'> {
  const status = list(info['DriverStatus']).map((pair) => list(pair))
  if (!status.some(([name, value]) => name === 'driver-type' && value === 'io.containerd.snapshotter.v1'))
    return {}
  const address = text(answer(info['Containerd'])['Address'])
  return { containerd: address === '' ? {} : { address } }
}

/** Of a store that keeps an image's layers twice: as they came, and as files. Its ids name all platforms of an image. */
export const hasContainerdStore = ({ containerd }: Pick<EngineFacts, 'containerd'>): boolean =>
  containerd !== undefined

/** The engine's clock minus ours, by `SystemTime` of `/info` and the middle of its round trip. */
export function clockSkewMs(info: unknown, asked: { fromMs: number; toMs: number }): number {
  const theirs = Date.parse(text(answer(info)['SystemTime']))
  return Number.isFinite(theirs) ? Math.round(theirs - (asked.fromMs + asked.toMs) / 2) : 0
}
