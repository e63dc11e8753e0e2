import { Component, type ReactNode } from 'react'
import { useT } from '../i18n'
import { Button, ErrorState } from '../ui'

interface Props {
  /** A new value is a new page: the problem of the last one is over. */
  readonly page: string
  readonly children: ReactNode
}

interface State {
  readonly page: string
  readonly hasFailed: boolean
}

/** One broken page does not take the window with it. */
export class PageBoundary extends Component<Props, State> {
  override state: State = { page: this.props.page, hasFailed: false }

  static getDerivedStateFromError(): Partial<State> {
    return { hasFailed: true }
  }

  static getDerivedStateFromProps({ page }: Props, state: State): State | null {
    return page === state.page ? null : { page, hasFailed: false }
  }

  override render(): ReactNode {
    if (!this.state.hasFailed) return this.props.children
    return <Crash onRetry={() => this.setState({ hasFailed: false })} />
  }
}

function Crash({ onRetry }: { readonly onRetry: () => void }): ReactNode {
  const t = useT()
  return (
    <ErrorState
      title={t('shell.crash.title')}
      text={t('shell.crash.text')}
      action={<Button onClick={onRetry}>{t('common.retry')}</Button>}
    />
  )
}
