import type { EngineId } from '../../../shared/model'
import type { FilePath, FilePlace } from '../../../shared/model/file-entry'

/** One text for one container's or volume's files. */
export const placeKey = ({ engine, root }: FilePlace): string => `${root.kind} ${engine} ${root.id}`

export const placeOf = (kind: 'container' | 'volume', engine: EngineId, id: string): FilePlace => ({
  engine,
  root: { kind, id },
})

/** What every call about one path begins with. */
export const at = ({ engine, root }: FilePlace, path: FilePath): FilePlace & { readonly path: FilePath } => ({
  engine,
  root,
  path,
})
