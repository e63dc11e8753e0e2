import { createPublicKey, sign, verify, type KeyObject } from 'node:crypto'
import { AppError } from '../../../../shared/errors'

/** Keeps a signature of ours from being taken for one over something else. */
const purpose = 'slipway-image-manifest\n'

/** A public key as we write it down: the 32 bytes of an ed25519 key (RFC 8032), in base64. */
function publicKeyOf(base64: string): KeyObject {
  const x = Buffer.from(base64, 'base64').toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' })
}

/** Throws `image.damaged` unless the holder of the key signed exactly these bytes. */
export function checkSignature(text: Uint8Array, signature: string, publicKey: string): void {
  const bytes = Buffer.from(signature.trim(), 'base64')
  const isGood =
    bytes.length === 64 &&
    verify(null, Buffer.concat([Buffer.from(purpose), text]), publicKeyOf(publicKey), bytes)
  if (!isGood)
    throw new AppError('machine.image-damaged', 'The machine image was not signed by who makes Slipway', {
      facts: { reason: 'signature' },
    })
}

/** The other side, for whoever releases. */
export function signManifest(text: Uint8Array, privateKey: KeyObject): string {
  return sign(null, Buffer.concat([Buffer.from(purpose), text]), privateKey).toString('base64')
}
