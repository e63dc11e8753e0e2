import type { KeyboardEvent } from 'react'

/** Of a line of text. An Enter that ends a composition, or that a list of suggestions took, is none. */
export function isEnterInField(event: KeyboardEvent): boolean {
  const { target } = event
  return (
    event.key === 'Enter' &&
    !event.defaultPrevented &&
    !event.nativeEvent.isComposing &&
    target instanceof HTMLInputElement &&
    !['checkbox', 'radio', 'file'].includes(target.type)
  )
}
