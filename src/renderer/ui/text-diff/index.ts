export { TextDiff, type TextDiffProps, type TextDiffWords } from './TextDiff'
