import { parentPath, type FilePath } from '../../../shared/model/file-entry'

/** Where in the files a window is: kept in the address, so that it survives a reload and can be sent on. */
export interface FileRoute {
  readonly folder: FilePath
  /** An open file, in that folder or below it. */
  readonly file?: FilePath
}

/** From what stands behind the question mark of the address: `dir=/etc`, `file=/etc/hosts`, or both. */
export function fileRoute(search: string): FileRoute {
  const params = new URLSearchParams(search)
  const file = cleanPath(params.get('file') ?? '')
  const folder = params.get('dir')
  if (file === '/') return { folder: cleanPath(folder ?? '/') }
  return { folder: folder === null ? parentPath(file) : cleanPath(folder), file }
}

/** The address of a folder or an open file on the page at `base`. */
export function fileAddress(base: string, { folder, file }: FileRoute): string {
  const dir = `dir=${encodeURIComponent(folder)}`
  if (file === undefined) return folder === '/' ? base : `${base}?${dir}`
  const open = `file=${encodeURIComponent(file)}`
  return parentPath(file) === folder ? `${base}?${open}` : `${base}?${dir}&${open}`
}

/** As typed or linked: from the root, without empty parts, `.` and `..`. */
export function cleanPath(path: string): FilePath {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '..') parts.pop()
    else if (part !== '' && part !== '.') parts.push(part)
  }
  return `/${parts.join('/')}`
}

/** Each folder on the way to a path, the root first. */
export function crumbsOf(path: FilePath): readonly { readonly name: string; readonly path: FilePath }[] {
  const parts = path.split('/').filter(Boolean)
  return [
    { name: '/', path: '/' },
    ...parts.map((name, index) => ({ name, path: `/${parts.slice(0, index + 1).join('/')}` })),
  ]
}
