import * as v from 'valibot'
import { call, stream } from './define'
import { bytes, none, word } from './fields'

const ticket = word(128)

/** In the input of a stream: here stand the bytes that `uploads.write` brings for the ticket. */
export interface Uploaded {
  readonly kind: 'upload'
  readonly ticket: string
}
export const uploaded = v.object({ kind: v.literal('upload'), ticket })

export const uploads = {
  /** A one-time ticket for `POST /upload/<ticket>` of the window's own origin. One of its two sides must begin within 60 s. */
  'uploads.prepare': call(none).gives<{ ticket: string }>(),
  /**
   * Brings the bytes for a ticket, then `{kind: 'end'}`, at the pace of the stream that they stand in. The one item
   * comes when it has them all. Throws `object.not-found` for a ticket that is over, and `cancelled` when that stream
   * ends before. Until the first bytes are here it may be tried again. For the servers of `/upload/`.
   */
  'uploads.write': stream(v.object({ ticket }), v.union([bytes, v.object({ kind: v.literal('end') })])).of<
    { readonly kind: 'taken' },
    Uint8Array | { readonly kind: 'end' }
  >(),
}
