import { createHash } from 'node:crypto'
import ssh2 from 'ssh2'

export interface KeyPair {
  /** OpenSSH private key text, not encrypted: for a file that only its owner may read. */
  readonly privateKey: string
  /** One line, `ssh-ed25519 AAAA… comment`, as `authorized_keys` and `known_hosts` want it. */
  readonly publicKey: string
}

/** A fresh ed25519 pair: for a machine's host key and for the key that we log in with. */
export function newKeyPair(comment: string): KeyPair {
  for (;;) {
    // oxlint-disable-next-line no-restricted-properties
    const made = ssh2.utils.generateKeyPairSync('ed25519', { comment })
    // ssh2 cuts a zero off the front of a public half, which one pair in 256 has: nobody can read that pair.
    if (blobOfLine(made.public).length !== ed25519BlobBytes) continue
    const privateKey = made.private.endsWith('\n') ? made.private : `${made.private}\n`
    return { privateKey, publicKey: made.public }
  }
}

/** RFC 8709, 4: the name and 32 bytes, each with its length in front. */
const ed25519BlobBytes = 4 + 'ssh-ed25519'.length + 4 + 32

/** A host's public key as it came over the wire. */
export interface HostKey {
  /** `ssh-ed25519`, `ecdsa-sha2-nistp256`, `ssh-rsa`… */
  readonly type: string
  /** The SSH wire form: what stands in base64 in `known_hosts`. */
  readonly blob: Buffer
}

/** Reads the type that a public key's wire form begins with. */
export function hostKeyOf(blob: Buffer): HostKey {
  const length = blob.length >= 4 ? blob.readUInt32BE(0) : 0
  const type = blob.subarray(4, 4 + Math.min(length, 64)).toString('latin1')
  return { type, blob }
}

/** `SHA256:…` as `ssh-keygen -l` prints it. Takes a wire form or a `type base64 …` line. */
export function fingerprint(key: Buffer | string): string {
  const blob = typeof key === 'string' ? blobOfLine(key) : key
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

/** The wire form in a line `ssh-ed25519 AAAA… comment`. */
export const blobOfLine = (line: string): Buffer => Buffer.from(line.trim().split(/\s+/)[1] ?? '', 'base64')
