import { tarEnd, tarHead, tarPadding } from '../platform/tar/write-tar'

/** A tar with one program, as `docker import` takes it: the whole root file system of the agent's container. */
export function programTar(name: string, program: Uint8Array): Buffer {
  const sizeBytes = program.byteLength
  // Owner and time are 0: the same program makes the same image.
  const owner = { mode: 0o755, uid: 0, gid: 0, mtimeS: 0 }
  const head = tarHead({ name: Buffer.from(name), type: 'file', sizeBytes, ...owner })
  return Buffer.concat([head, program, tarPadding(sizeBytes), tarEnd()])
}
