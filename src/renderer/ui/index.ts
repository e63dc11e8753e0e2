export { Button, LinkButton, type ButtonProps } from './Button'
export { chooseFile } from './choose-file'
export { classNames } from './class-names'
export { Code, type CodeProps } from './Code'
export { CodeEditor, type CodeEditorHandle, type CodeEditorProps, type CodeEditorWords } from './code-editor'
export { Combobox, type ComboboxProps } from './Combobox'
export { ConfirmDialog, type ConfirmDialogProps } from './ConfirmDialog'
export { CopyButton, type CopyButtonProps } from './CopyButton'
export {
  DataTable,
  type Column,
  type DataTableProps,
  type GroupItem,
  type Sort,
  type TableLayout,
  type TableTree,
  type TreeWords,
} from './data-table'
export { isEnterInField } from './enter-in-field'
export { Dialog, type DialogProps } from './Dialog'
export { Field, type FieldFrameProps } from './Field'
export { IconButton, type IconButtonProps } from './IconButton'
export { JsonView, type JsonViewProps } from './json-view/JsonView'
export { KeyValues, type KeyValuesProps } from './KeyValues'
export { PageHeader, Section, Toolbar, type PageHeaderProps } from './Layout'
export { ContextMenu, Menu, type MenuItem } from './Menu'
export { NumberField, type NumberFieldProps } from './NumberField'
export { Popover, type PopoverProps } from './Popover'
export { ProgressBar, type ProgressBarProps } from './ProgressBar'
export { useScheme } from './scheme'
export { latinKey } from './latin-key'
export { saveText } from './save-text'
export { ScrollArea } from './ScrollArea'
export { SearchField, type SearchFieldProps } from './SearchField'
export { Select, type SelectOption, type SelectProps } from './Select'
export { Sparkline, type SparklineProps } from './Sparkline'
export { Spinner } from './Spinner'
export { SplitPane, type SplitPaneProps } from './SplitPane'
export { EmptyState, ErrorState, Loading } from './StatePanel'
export { Badge, StatusDot, type Tone } from './StatusDot'
export { Tabs, type Tab, type TabsProps } from './Tabs'
export { TextDiff, type TextDiffProps, type TextDiffWords } from './text-diff'
export { TextArea, TextField, type TextFieldProps } from './TextField'
export { Checkbox, Switch, type ToggleProps } from './Toggle'
export { Tooltip } from './Tooltip'
export { TreeGrid, type TreeColumn, type TreeGridProps, type TreeLine } from './tree-grid'
export { useAsking, type Asking, type Refusal } from './use-asking'
export { Treemap, type TreemapNode, type TreemapProps } from './treemap'
export { englishUiWords, UiWordsContext, useUiWords, type UiWords } from './ui-words'
