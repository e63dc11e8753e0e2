import type { Container } from '../../../../shared/model'

/** The one question that is open. */
export type ContainerDialog =
  | { readonly kind: 'remove'; readonly containers: readonly Container[] }
  | { readonly kind: 'rename'; readonly container: Container }
  | { readonly kind: 'prune' }

export type OnDialog = (dialog: ContainerDialog) => void
