import type { ReactNode } from 'react'
import './spinner.css'

/** Pure ornament: whoever shows it says in words what is busy. */
export function Spinner({ size = 14 }: { size?: number | undefined }): ReactNode {
  return <span className="spinner" aria-hidden="true" style={{ width: size, height: size }} />
}
