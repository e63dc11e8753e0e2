import { isUtf8 } from 'node:buffer'
import { AppError } from '../../../shared/errors'

/** The bytes of a name or path as the contract tells them: see `FileName`. */
export function bytesOf(path: string): Buffer {
  if (!path.includes('\\')) return Buffer.from(path)
  const pieces = path.split(/\\x([0-9a-f]{2})/i)
  return Buffer.concat(
    pieces.map((piece, at) => (at % 2 === 0 ? Buffer.from(piece) : Buffer.from([parseInt(piece, 16)]))),
  )
}

/** Whether a path's bytes are UTF-8. */
export const isText = (path: string): boolean => isUtf8(bytesOf(path))

/** The text of a name; `isEscaped` when it has bytes that are no UTF-8. */
export function nameOf(bytes: Buffer): { readonly name: string; readonly isEscaped: boolean } {
  if (isUtf8(bytes)) return { name: bytes.toString().replaceAll('\\', '\\x5c'), isEscaped: false }
  let name = ''
  for (let at = 0; at < bytes.length;) {
    const length = goodLength(bytes, at)
    const isPlain = length > 0 && bytes[at] !== 0x5c
    name += isPlain ? bytes.toString('utf8', at, at + length) : escaped(bytes[at] as number)
    at += Math.max(1, length)
  }
  return { name, isEscaped: true }
}

const escaped = (byte: number): string => `\\x${byte.toString(16).padStart(2, '0')}`

/** How many bytes the character at a place has; 0 where there is none. */
function goodLength(bytes: Buffer, at: number): number {
  for (let length = 1; length <= 4 && at + length <= bytes.length; length++)
    if (isUtf8(bytes.subarray(at, at + length))) return length
  return 0
}

/** A path as a query: bytes that are no UTF-8 travel as they are. */
export function pathQuery(path: string): string {
  let text = ''
  for (const byte of bytesOf(path))
    text += /[\w./-]/.test(String.fromCharCode(byte))
      ? String.fromCharCode(byte)
      : `%${byte.toString(16).padStart(2, '0')}`
  return text
}

/** `.` and `..` taken out, as if no part were a link. */
export function plainPath(path: string): string {
  const parts: string[] = []
  for (const part of path.split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

export const refused = (reason: string, path: string): AppError =>
  new AppError('request.invalid', `Not possible here: ${reason}`, { facts: { reason, path } })
export const taken = (path: string): AppError =>
  new AppError('object.conflict', 'The name is taken', { facts: { reason: 'taken', path } })
export const changedMeanwhile = (path: string): AppError =>
  new AppError('object.conflict', 'The file was changed meanwhile', { facts: { reason: 'changed', path } })
export const notThere = (path: string): AppError =>
  new AppError('object.not-found', 'There is no such file', { facts: { what: 'file', path } })
export const needsAgent = (): AppError =>
  new AppError('engine.unsupported', 'Only the agent can do that here', { facts: { what: 'agent' } })
