/** Private key files: who they are is read without their passphrase, so that it is asked only for a key that helps. */
import ssh2 from 'ssh2'
import { identityOf, type Identity } from './credentials'

export interface KeyFile {
  /** Absent: an old PEM file that hides it, without a `.pub` beside it. */
  readonly publicKey?: Buffer
  readonly isEncrypted: boolean
  /** Throws when the passphrase does not fit. */
  open(passphrase?: string): Identity
}

/** Reads key text, with the text of its `.pub` where there is one. `undefined`: no private key that we know. */
export function readKeyFile(text: string, publicText?: string): KeyFile | undefined {
  const isEncrypted = isLocked(text)
  if (!isEncrypted && ssh2.utils.parseKey(text) instanceof Error) return undefined
  const open = (passphrase?: string): Identity => identityOf(text, passphrase)
  const publicKey = isEncrypted ? (opensshPublic(text) ?? publicOf(publicText)) : open().publicKey
  return { isEncrypted, open, ...(publicKey && { publicKey }) }
}

function isLocked(text: string): boolean {
  if (/^-----BEGIN ENCRYPTED PRIVATE KEY-----/m.test(text) || /^Proc-Type: 4,ENCRYPTED/m.test(text))
    return true
  const body = opensshBody(text)
  return body !== undefined && stringAt(body, magic.length)?.text !== 'none'
}

const magic = Buffer.from('openssh-key-v1\0')

function opensshBody(text: string): Buffer | undefined {
  const match = /-----BEGIN OPENSSH PRIVATE KEY-----([\s\S]+?)-----END/.exec(text)
  const body = match && Buffer.from(match[1] ?? '', 'base64')
  return body?.subarray(0, magic.length).equals(magic) ? body : undefined
}

/** PROTOCOL.key of OpenSSH: magic, cipher, kdf, kdf options, number of keys, public key, the hidden rest. */
function opensshPublic(text: string): Buffer | undefined {
  const body = opensshBody(text)
  if (!body) return undefined
  let at = magic.length
  for (let n = 0; n < 3; n++) at = stringAt(body, at)?.end ?? body.length
  return stringAt(body, at + 4)?.bytes
}

function stringAt(body: Buffer, at: number): { text: string; bytes: Buffer; end: number } | undefined {
  if (at + 4 > body.length) return undefined
  const end = at + 4 + body.readUInt32BE(at)
  if (end > body.length) return undefined
  const bytes = body.subarray(at + 4, end)
  return { text: bytes.toString('latin1'), bytes, end }
}

function publicOf(text: string | undefined): Buffer | undefined {
  if (text === undefined) return undefined
  const parsed = ssh2.utils.parseKey(text)
  return parsed instanceof Error ? undefined : parsed.getPublicSSH()
}
