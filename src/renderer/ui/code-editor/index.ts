export { CodeEditor, type CodeEditorHandle, type CodeEditorProps, type CodeEditorWords } from './CodeEditor'
