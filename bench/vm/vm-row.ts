import type { Result } from '../measure'
import type { VmLab } from './vm-lab'

/** What a row of the machine measures. It leaves the machine up or down, and nothing of its own in it. */
export interface VmRow {
  readonly name: string
  /** What it needs beside QEMU, `docker`, `ssh` and Go: programs and the packages that have them. */
  readonly programs?: Readonly<Record<string, string>>
  readonly run: (lab: VmLab) => Promise<Result[]>
}
