export type { ActionArgs, ActionName, QuestionName } from './actions'
export { actionNames, commandFor, isAction, subjectOf, type Names } from './commands'
