import { parseReference } from '../../../shared/run'
import { useT } from '../../i18n'
import { referenceWords } from '../../objects/reference-words'

/** What is wrong with a reference as typed; nothing while the field is empty. */
export function useReferenceError(text: string): string | undefined {
  const t = useT()
  if (text === '') return undefined
  const parsed = parseReference(text)
  return parsed.ok ? undefined : t(`run.wrong.${referenceWords[parsed.problem]}`)
}
