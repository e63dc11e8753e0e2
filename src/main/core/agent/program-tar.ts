/** A tar with one program, as `docker import` takes it: the whole root file system of the agent's container. */
export function programTar(name: string, program: Uint8Array): Buffer {
  const blockBytes = 512
  const header = Buffer.alloc(blockBytes)
  const octal = (value: number, at: number, length: number): void => {
    header.write(value.toString(8).padStart(length - 1, '0') + '\0', at, 'latin1')
  }
  // Spec: POSIX.1-1988 ustar. Owner and time are 0: the same program makes the same image.
  header.write(name, 0, 100, 'latin1')
  octal(0o755, 100, 8)
  octal(0, 108, 8)
  octal(0, 116, 8)
  octal(program.byteLength, 124, 12)
  octal(0, 136, 12)
  header.write('        0', 148, 'latin1')
  header.write('ustar\x0000', 257, 'latin1')
  const sum = header.reduce((total, byte) => total + byte, 0)
  header.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148, 'latin1')
  const fill = Buffer.alloc((blockBytes - (program.byteLength % blockBytes)) % blockBytes)
  return Buffer.concat([header, program, fill, Buffer.alloc(2 * blockBytes)])
}
