export type { ActionArgs, ActionName, QuestionName } from './actions'
export { downloadKinds, downloadWords, type DownloadWords } from './downloads'
export { actionNames, commandFor, isAction, subjectOf, type Names } from './commands'
