/** CRC-32C (Castagnoli, RFC 3720 appendix B.4): what VHDX headers and region tables carry. */
export const crc32c = (bytes: Uint8Array): number => crc(tableOf.castagnoli, bytes)

/** CRC-32 (IEEE 802.3): what a GPT carries. */
export const crc32 = (bytes: Uint8Array): number => crc(tableOf.ieee, bytes)

const tableOf = { castagnoli: makeTable(0x82f63b78), ieee: makeTable(0xedb88320) }

function crc(table: Uint32Array, bytes: Uint8Array): number {
  let value = 0xffffffff
  for (const byte of bytes) value = (table[(value ^ byte) & 0xff] as number) ^ (value >>> 8)
  return (value ^ 0xffffffff) >>> 0
}

/** Both are reflected: the lowest bit goes first. */
function makeTable(polynomial: number): Uint32Array {
  return Uint32Array.from({ length: 256 }, (_, byte) => {
    let value = byte
    for (let bit = 0; bit < 8; bit++) value = value & 1 ? polynomial ^ (value >>> 1) : value >>> 1
    return value >>> 0
  })
}
