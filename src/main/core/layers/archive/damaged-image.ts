import { AppError } from '../../../../shared/errors'
import { DamagedTar } from '../../platform/tar/tar-header'

export const damagedImage = (detail: string): AppError =>
  new AppError('image.damaged', `The image's archive cannot be read: ${detail}`, { facts: { detail } })

/** What the reader of a tar found wrong, as a fault of the image. */
export const asImageFault = (error: unknown): unknown =>
  error instanceof DamagedTar ? damagedImage(error.detail) : error
