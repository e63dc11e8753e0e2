import type { BootRecord } from '../../../../../shared/model'
import { BootTimeline, keptBoots, type Deadlines } from './boot-timeline'
import type { MachineFiles } from '../kept/machine-files'

/** The last starts of a machine, the newest first; the one under way is the first. */
export class BootHistory {
  constructor(
    private readonly files: MachineFiles,
    private records: readonly BootRecord[],
    private readonly options: { onChanged: (record: BootRecord) => void; deadlines?: Deadlines },
  ) {}

  get all(): readonly BootRecord[] {
    return this.records
  }

  /** Begins the record of another start. */
  begin(way: BootRecord['way']): BootTimeline {
    const before = this.records
    const onChanged = (record: BootRecord): void => {
      this.records = [record, ...before].slice(0, keptBoots)
      this.options.onChanged(record)
    }
    return new BootTimeline({ ...this.options, way, onChanged })
  }

  /** A history that cannot be written is no reason to fail a start. */
  async save(): Promise<void> {
    await this.files.saveBoots(this.records).catch(() => undefined)
  }
}
