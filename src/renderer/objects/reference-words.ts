import type { ReferenceProblem } from '../../shared/run'

/** What is wrong with an image reference, in the words of the run form: keys below `run.wrong`. */
export const referenceWords = {
  'reference.empty': 'image',
  'reference.space': 'imageSpace',
  'reference.uppercase': 'imageUppercase',
  'reference.bad-domain': 'imageDomain',
  'reference.bad-path': 'imagePath',
  'reference.bad-tag': 'imageTag',
  'reference.bad-digest': 'imageDigest',
  'reference.too-long': 'imageLong',
  'reference.is-id': 'imageId',
} as const satisfies Record<ReferenceProblem, string>
