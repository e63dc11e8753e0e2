// The host's file calls, on names that are bytes. A path is a string of one character a byte (latin1), as names
// on a Unix disk have no known encoding; on Windows names are text, and the client sees them as UTF-8.
import * as fs from 'node:fs'
import { promisify } from 'node:util'

/** A path of the host, one character a byte. */
export type BytePath = string

const isText = process.platform === 'win32'

/** What the file calls take. */
export const nativePath = (path: BytePath): Buffer | string =>
  isText ? Buffer.from(path, 'latin1').toString('utf8') : Buffer.from(path, 'latin1')

export const bytePath = (path: string): BytePath => Buffer.from(path, 'utf8').toString('latin1')

/** A path as a person reads it. */
export const pathText = (path: BytePath): string => Buffer.from(path, 'latin1').toString('utf8')

export const childOf = (folder: BytePath, name: string): BytePath =>
  folder.endsWith('/') ? folder + name : `${folder}/${name}`

export type HostStat = fs.BigIntStats

const lstatNow = promisify(fs.lstat) as (path: Buffer | string, o: { bigint: true }) => Promise<HostStat>
const fstatNow = promisify(fs.fstat) as (fd: number, o: { bigint: true }) => Promise<HostStat>
const readdirNow = promisify(fs.readdir) as (path: Buffer | string, encoding: 'buffer') => Promise<Buffer[]>
const readlinkNow = promisify(fs.readlink) as (path: Buffer | string, encoding: 'buffer') => Promise<Buffer>
const openNow = promisify(fs.open)
const bigint = { bigint: true } as const

export const lstat = (path: BytePath): Promise<HostStat> => lstatNow(nativePath(path), bigint)
export const fstat = (fd: number): Promise<HostStat> => fstatNow(fd, bigint)
export const close = promisify(fs.close)
export const fsync = promisify(fs.fsync)
export const fdatasync = promisify(fs.fdatasync)
export const ftruncate = promisify(fs.ftruncate)
export const fchmod = promisify(fs.fchmod)
export const fchown = promisify(fs.fchown)

export const open = (path: BytePath, flags: number, mode?: number): Promise<number> =>
  openNow(nativePath(path), flags, mode)

export async function names(path: BytePath): Promise<string[]> {
  return (await readdirNow(nativePath(path), 'buffer')).map((name) => name.toString('latin1'))
}

export async function linkTarget(path: BytePath): Promise<Buffer> {
  return readlinkNow(nativePath(path), 'buffer')
}

const mkdirNow = promisify(fs.mkdir) as (path: Buffer | string, mode: number) => Promise<void>
export const mkdir = (path: BytePath, mode: number): Promise<void> => mkdirNow(nativePath(path), mode)

const at =
  (call: (path: fs.PathLike) => Promise<void>) =>
  (path: BytePath): Promise<void> =>
    call(nativePath(path))

const rmdirNow = promisify<fs.PathLike, void>(fs.rmdir)
export const unlink = at(promisify(fs.unlink))
export const rmdir = at((path) => rmdirNow(path))
export const chmod = (path: BytePath, mode: number): Promise<void> =>
  promisify(fs.chmod)(nativePath(path), mode)
export const lchown = (path: BytePath, uid: number, gid: number): Promise<void> =>
  promisify(fs.lchown)(nativePath(path), uid, gid)
export const rename = (from: BytePath, to: BytePath): Promise<void> =>
  promisify(fs.rename)(nativePath(from), nativePath(to))
export const link = (from: BytePath, to: BytePath): Promise<void> =>
  promisify(fs.link)(nativePath(from), nativePath(to))
export const symlink = (target: Buffer, path: BytePath): Promise<void> =>
  promisify(fs.symlink)(isText ? target.toString('utf8') : target, nativePath(path), null)
export const access = (path: BytePath, mode: number): Promise<void> =>
  promisify(fs.access)(nativePath(path), mode)
export const statfs = (path: BytePath): Promise<fs.StatsFs> =>
  (promisify(fs.statfs) as (path: fs.PathLike) => Promise<fs.StatsFs>)(nativePath(path))

/** Times in seconds. Node hands whole microseconds to the system; half of one more keeps it from losing one. */
export const lutimes = (path: BytePath, atime: number, mtime: number): Promise<void> =>
  promisify(fs.lutimes)(nativePath(path), atime + 0.000_000_5, mtime + 0.000_000_5)

export function read(fd: number, into: Buffer, position: bigint): Promise<number> {
  return new Promise((resolve, reject) =>
    fs.read(fd, into, 0, into.length, position, (error, bytes) => (error ? reject(error) : resolve(bytes))),
  )
}

export function write(fd: number, bytes: Buffer, position: number): Promise<number> {
  return new Promise((resolve, reject) =>
    fs.write(fd, bytes, 0, bytes.length, position, (error, n) => (error ? reject(error) : resolve(n))),
  )
}
