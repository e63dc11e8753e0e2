/** Heads of tar entries with names of any bytes: what does not fit ustar goes into a PAX head before it. */

const block = 512

export interface NewTarEntry {
  /** Without a slash at its end. */
  readonly name: Buffer
  readonly type: 'file' | 'folder'
  readonly sizeBytes: number
  readonly mode: number
  readonly uid: number
  readonly gid: number
  readonly mtimeS: number
}

/** The largest that eleven octal digits say. */
const maxOctal = 0o77777777777
const maxId = 0o7777777

/** The head of an entry; its bytes follow, and `tarPadding` of them. */
export function tarHead(entry: NewTarEntry): Buffer {
  const name = entry.type === 'folder' ? Buffer.concat([entry.name, Buffer.from('/')]) : entry.name
  const records: Buffer[] = []
  if (name.length > 100 || name.some((byte) => byte >= 0x80)) records.push(record('path', name))
  if (entry.sizeBytes > maxOctal) records.push(record('size', Buffer.from(String(entry.sizeBytes))))
  if (entry.uid > maxId) records.push(record('uid', Buffer.from(String(entry.uid))))
  if (entry.gid > maxId) records.push(record('gid', Buffer.from(String(entry.gid))))
  const own = ustar(entry, name.subarray(0, 100), entry.type === 'folder' ? '5' : '0')
  if (records.length === 0) return own
  const body = Buffer.concat(records)
  const before = { ...entry, sizeBytes: body.length, uid: 0, gid: 0 }
  return Buffer.concat([ustar(before, Buffer.from('PaxHeaders/x'), 'x'), body, tarPadding(body.length), own])
}

export const tarPadding = (sizeBytes: number): Buffer => Buffer.alloc((block - (sizeBytes % block)) % block)
export const tarEnd = (): Buffer => Buffer.alloc(2 * block)

function record(key: string, value: Buffer): Buffer {
  const rest = key.length + value.length + 3
  let length = rest + String(rest).length
  if (String(length).length !== String(rest).length) length = rest + String(length).length
  return Buffer.concat([Buffer.from(`${length} ${key}=`), value, Buffer.from('\n')])
}

function ustar(entry: NewTarEntry, name: Buffer, type: string): Buffer {
  const head = Buffer.alloc(block)
  name.copy(head)
  const octal = (value: number, at: number, length: number): void => {
    head.write(value.toString(8).padStart(length - 1, '0'), at, 'latin1')
  }
  octal(entry.mode & 0o7777, 100, 8)
  octal(entry.uid > maxId ? 0 : entry.uid, 108, 8)
  octal(entry.gid > maxId ? 0 : entry.gid, 116, 8)
  octal(entry.sizeBytes > maxOctal ? 0 : entry.sizeBytes, 124, 12)
  octal(entry.mtimeS, 136, 12)
  head.write('        ', 148, 'latin1')
  head.write(type, 156, 'latin1')
  head.write('ustar\x0000', 257, 'latin1')
  const sum = head.reduce((total, byte) => total + byte, 0)
  head.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  return head
}
