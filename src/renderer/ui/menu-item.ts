import type { ReactNode } from 'react'

export type MenuItem =
  | {
      readonly label: string
      /** What it does, in a word that is the same in every language. Nothing is drawn from it. */
      readonly verb?: string | undefined
      readonly icon?: ReactNode
      /** As people read it: `Ctrl+C`. Text only: the binding is elsewhere. */
      readonly shortcut?: string | undefined
      readonly danger?: boolean | undefined
      readonly disabled?: boolean | undefined
      /** Given: a choice that is on or off. */
      readonly checked?: boolean | undefined
      readonly onSelect: () => void
    }
  | 'separator'
  | {
      readonly label: string
      readonly verb?: string | undefined
      readonly icon?: ReactNode
      readonly items: readonly MenuItem[]
    }
