import type { ObjectRef } from '../../../../shared/model'

/** The two images of a comparison, and how a person knows them. */
export interface CompareProps {
  readonly before: ObjectRef
  readonly after: ObjectRef
  readonly names: { readonly before: string; readonly after: string }
}
