import type { MachineSettings } from '../../../../shared/model'
import type { ImageFiles, VmSpec } from './backend'
import { diskBytes } from './kept/data-disk'
import type { MachineFiles } from './kept/machine-files'

export interface SpecParts {
  readonly id: string
  readonly files: MachineFiles
  readonly settings: MachineSettings
  readonly image: ImageFiles
}

/** What the hypervisor is asked for. */
export const specFor = ({ id, files, settings, image }: SpecParts): VmSpec => ({
  name: id,
  runDir: files.paths.run,
  files: files.paths,
  cpus: settings.cpus,
  memoryMiB: settings.memoryMiB,
  image,
  configCpio: files.paths.config,
  dataDisk: { path: files.diskPath(settings), sizeBytes: diskBytes(settings.diskGiB) },
})

/** For a VM that is only looked for, or whose image is gone: nothing is booted from it. */
export const noImage: ImageFiles = { id: '', kernel: '', initrd: '', root: '' }
