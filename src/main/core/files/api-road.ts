import { baseName, childPath, parentPath } from '../../../shared/model'
import { findByApi, followed, listByApi, planByApi, readByApi, statByApi } from './api-read'
import { kindOfHeader } from './api-entry'
import { uploadByApi } from './api-upload'
import { chmodByApi, makeFolderByApi, writeByApi } from './api-write'
import { Archive } from './archive'
import { runInside } from './container-command'
import { notThere, plainPath, refused, taken } from './file-name'
import { mountsBelow } from './marks'
import type { At, FilesRoad } from './road'
import type { VolumeDoors } from './volume-door'

/** The files by the Engine API alone. */
export function apiRoad(doors: VolumeDoors): FilesRoad {
  const using = <T>({ root }: At, work: (archive: Archive) => Promise<T>): Promise<T> =>
    root.kind === 'volume'
      ? doors.use(root.engine, root.id, work)
      : work(new Archive(root.engine, root.id, ''))
  async function* streaming<T>(
    { root }: At,
    work: (archive: Archive) => AsyncGenerator<T>,
  ): AsyncGenerator<T> {
    if (root.kind === 'container') {
      yield* work(new Archive(root.engine, root.id, ''))
      return
    }
    const { archive, release } = await doors.hold(root.engine, root.id)
    try {
      yield* work(archive)
    } finally {
      release()
    }
  }
  return {
    road: 'api',
    list: (at, limit) => using(at, (archive) => listByApi(archive, at, limit)),
    stat: (at) => using(at, (archive) => statByApi(archive, at)),
    read: (at, range) => streaming(at, (archive) => readByApi(archive, at, range)),
    find: (at, asked) => streaming(at, (archive) => findByApi(archive, at, asked)),
    removalPlan: (at) => using(at, (archive) => planByApi(archive, at)),
    makeFolder: (at) => using(at, (archive) => makeFolderByApi(archive, at)),
    rename: (at, to) => using(at, (archive) => rename(archive, at, to)),
    remove: (at) => using(at, (archive) => remove(archive, at)),
    chmod: (at, mode) =>
      using(at, async (archive) => {
        if (await chmodByApi(archive, at, mode)) return
        await runInside(at, ['chmod', mode.toString(8).padStart(4, '0'), '--'], [plainPath(at.path)])
      }),
    write: (at, write) => using(at, (archive) => writeByApi(archive, at, write)),
    upload: (at, upload) => using(at, (archive) => uploadByApi(archive, at, upload)),
    tar: (at) => streaming(at, (archive) => tar(archive, at)),
  }
}

async function rename(archive: Archive, at: At, to: string): Promise<void> {
  const [from, target] = [plainPath(at.path), plainPath(to)]
  if (from === '/' || target === '/') throw refused('root', '/')
  if (!(await archive.look(from, at.signal))) throw notThere(at.path)
  if (await archive.look(target, at.signal)) throw taken(to)
  const folder = await archive.resolve(parentPath(target), at.signal)
  await runInside(at, ['mv', '-n', '--'], [from, childPath(folder, baseName(target))])
}

async function remove(archive: Archive, at: At): Promise<number> {
  const path = plainPath(at.path)
  if (path === '/') throw refused('root', path)
  const { files, folders } = await planByApi(archive, at)
  // A link on the way must not lead to what is mounted: nothing of that is the container's to remove.
  const real = childPath(await archive.resolve(parentPath(path), at.signal), baseName(path))
  if (mountsBelow(at.root.mounts, real).length > 0) throw refused('mount', path)
  await runInside(at, ['rm', '-rf', '--'], [real])
  return files + folders
}

/** As the engine packs it: the folder's own name is the first entry. */
async function* tar(archive: Archive, at: At): AsyncGenerator<Uint8Array> {
  const path = await followed(archive, at)
  const { header } = await archive.first(path, at.signal)
  if (kindOfHeader(header) !== 'folder') throw refused('not-a-folder', path)
  const { body } = await archive.get(path, at.signal)
  try {
    for await (const piece of body) yield piece as Uint8Array
  } finally {
    body.destroy()
  }
}
