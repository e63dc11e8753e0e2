import type { ReferenceProblem } from '../../../shared/run'
import { parseReference } from '../../../shared/run'
import { useT } from '../../i18n'

/** The words of the run form say what is wrong with a reference; below `run.wrong`. */
const referenceWords = {
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

/** What is wrong with a reference as typed; nothing while the field is empty. */
export function useReferenceError(text: string): string | undefined {
  const t = useT()
  if (text === '') return undefined
  const parsed = parseReference(text)
  return parsed.ok ? undefined : t(`run.wrong.${referenceWords[parsed.problem]}`)
}
