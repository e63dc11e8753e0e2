import { LanguageDescription, type LanguageSupport } from '@codemirror/language'
import { languages } from '@codemirror/language-data'

/** The grammar for a file of this name; `undefined` when none is known, or it could not be fetched. */
export async function loadLanguage(fileName: string): Promise<LanguageSupport | undefined> {
  const found = LanguageDescription.matchFilename(languages, likeKnown(fileName))
  // Without colours the text is as good to edit.
  return found?.load().catch(() => undefined)
}

/** Names without a telling end that stand in containers, as names that the list knows. */
function likeKnown(name: string): string {
  if (/^(\.?(bash|zsh)(rc|_profile)|\.?profile|entrypoint|docker-entrypoint)$/.test(name)) return `${name}.sh`
  if (/\.(conf|cnf|cfg|env|service)$|^\.env/.test(name) && !/nginx/.test(name)) return 'file.properties'
  return name
}
