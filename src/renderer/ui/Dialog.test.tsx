import { act as settle, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import userEvent from '@testing-library/user-event'
import { useState, type ReactNode } from 'react'
import { expect, test, vi } from 'vitest'
import { Checkbox, ConfirmDialog, Dialog, TextField, type ConfirmDialogProps, type Refusal } from '.'

const focused = (): string | null | undefined =>
  document.activeElement?.getAttribute('aria-label') ?? document.activeElement?.textContent

interface AskProps {
  readonly danger?: boolean
  readonly disabled?: boolean
  readonly isFinal?: boolean
  readonly onConfirm?: ConfirmDialogProps['onConfirm']
  readonly onClose?: () => void
  readonly children?: ReactNode
}
const ask = ({ onConfirm = () => undefined, ...rest }: AskProps): void =>
  void render(
    <ConfirmDialog
      title="Ask"
      open
      confirmLabel="Go"
      {...{ onClose: () => undefined, onConfirm, ...rest }}
    />,
  )

test('a question begins on its answer, one that destroys on Cancel', async () => {
  ask({})
  await waitFor(() => expect(focused()).toBe('Go'))
  cleanup()
  ask({ danger: true })
  await waitFor(() => expect(focused()).toBe('Cancel'))
})

test('where there is something to type, typing begins at once', async () => {
  ask({
    danger: true,
    children: (
      <>
        <Checkbox label="Also" checked={false} onChange={() => undefined} />
        <TextField label="Name" value="" onChange={() => undefined} />
      </>
    ),
  })
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')))
})

test('Enter in a field confirms, once, and not with what is wrong or half composed', async () => {
  const user = userEvent.setup()
  const onConfirm = vi.fn()
  const onSubmit = vi.fn()
  const form = (
    <form onSubmit={onSubmit}>
      <TextField label="Name" value="a" onChange={() => undefined} />
    </form>
  )
  ask({ onConfirm, children: form })
  fireEvent.keyDown(screen.getByLabelText('Name'), { key: 'Enter', isComposing: true })
  expect(onConfirm).not.toHaveBeenCalled()
  await user.type(screen.getByLabelText('Name'), '{Enter}')
  expect(onConfirm).toHaveBeenCalledTimes(1)
  cleanup()
  ask({ onConfirm, disabled: true, children: form })
  await user.type(screen.getByLabelText('Name'), '{Enter}')
  expect(onConfirm).toHaveBeenCalledTimes(1)
  expect(onSubmit).not.toHaveBeenCalled()
})

/** Asks for what waits until the test answers; `signals` are those it was asked with. */
function askAndWait(isFinal: boolean) {
  const signals: AbortSignal[] = []
  let answer: (refusal?: Refusal) => void = () => undefined
  const onClose = vi.fn()
  ask({
    isFinal,
    onClose,
    onConfirm: (signal) => {
      signals.push(signal)
      return new Promise((resolve) => (answer = resolve))
    },
    children: <TextField label="Name" value="a" onChange={() => undefined} />,
  })
  return { signals, onClose, answer: (refusal?: Refusal) => settle(() => Promise.resolve(answer(refusal))) }
}

test('a refusal is told in the dialog, which closes only when it is done', async () => {
  const user = userEvent.setup()
  const { signals, onClose, answer } = askAndWait(false)
  await user.type(screen.getByLabelText('Name'), '{Enter}{Enter}')
  expect(signals).toHaveLength(1)
  expect(screen.getByText('Go').closest('button')?.getAttribute('aria-busy')).toBe('true')
  await answer({ title: 'Taken', text: 'Choose another name', detail: 'conflict' })
  expect(screen.getByRole('alert').textContent).toBe('TakenChoose another nameconflict')
  expect(onClose).not.toHaveBeenCalled()
  await user.type(screen.getByLabelText('Name'), '{Enter}')
  expect(screen.queryByRole('alert')).toBeNull()
  await answer()
  expect(onClose).toHaveBeenCalledOnce()
})

test('closing meanwhile calls off what is asked for, and so does leaving', async () => {
  const user = userEvent.setup()
  const { signals, onClose, answer } = askAndWait(false)
  await user.type(screen.getByLabelText('Name'), '{Enter}{Escape}')
  expect(signals[0]?.aborted).toBe(true)
  await answer()
  expect(onClose).toHaveBeenCalledOnce()
  await user.type(screen.getByLabelText('Name'), '{Enter}')
  cleanup()
  expect(signals[1]?.aborted).toBe(true)
})

test('what cannot be called off holds the dialog until the answer', async () => {
  const user = userEvent.setup()
  const { onClose, answer } = askAndWait(true)
  await user.type(screen.getByLabelText('Name'), '{Enter}{Escape}')
  for (const name of ['Cancel', 'Close']) await user.click(screen.getByRole('button', { name }))
  expect(onClose).not.toHaveBeenCalled()
  await answer({ title: 'No', text: 'Try later' })
  await user.keyboard('{Escape}')
  expect(onClose).toHaveBeenCalledOnce()
})

test('what is behind an open dialog does not keep the focus', async () => {
  render(
    <>
      <button type="button">Behind</button>
      <Dialog title="Front" open onClose={() => undefined}>
        <TextField label="Name" value="" onChange={() => undefined} />
      </Dialog>
    </>,
  )
  const field = screen.getByLabelText('Name')
  await waitFor(() => expect(document.activeElement).toBe(field))
  screen.getByText('Behind').focus()
  expect(document.activeElement).toBe(field)
})

// The first one gives the focus back to what opened it after the second has begun: a wizard that was loading.
test('a dialog that takes the place of another has the focus', async () => {
  function Two(): ReactNode {
    const [step, setStep] = useState(0)
    const onClose = (): void => undefined
    return (
      <>
        <button type="button" onClick={() => setStep(1)}>
          Open
        </button>
        {step === 1 && (
          <Dialog key="first" title="First" open onClose={onClose}>
            <button type="button" onClick={() => setStep(2)}>
              On
            </button>
          </Dialog>
        )}
        {step === 2 && (
          <Dialog key="second" title="Second" open onClose={onClose}>
            <TextField label="Name" value="" onChange={() => undefined} />
          </Dialog>
        )}
      </>
    )
  }
  const user = userEvent.setup()
  render(<Two />)
  await user.click(screen.getByText('Open'))
  await user.click(screen.getByText('On'))
  await new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')))
})

// The kit remembers what had the focus when other things were opened, and went back to the last of those.
test('a dialog with a field gives the focus back to what opened it, not to what opened the last one', async () => {
  function Two(): ReactNode {
    const [open, setOpen] = useState('')
    const onClose = (): void => setOpen('')
    return (
      <>
        <button type="button" onClick={() => setOpen('plain')}>
          First
        </button>
        <button type="button" onClick={() => setOpen('field')}>
          Second
        </button>
        {open === 'plain' && (
          <Dialog title="Plain" open onClose={onClose}>
            Words
          </Dialog>
        )}
        {open === 'field' && (
          <ConfirmDialog title="Field" open confirmLabel="Go" onConfirm={() => undefined} onClose={onClose}>
            <TextField autoFocus label="Name" value="" onChange={() => undefined} />
          </ConfirmDialog>
        )}
      </>
    )
  }
  const user = userEvent.setup()
  render(<Two />)
  await user.click(screen.getByText('First'))
  await user.keyboard('{Escape}')
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText('First')))
  await user.click(screen.getByText('Second'))
  await waitFor(() => expect(document.activeElement).toBe(screen.getByLabelText('Name')))
  await user.keyboard('{Enter}')
  await waitFor(() => expect(document.activeElement).toBe(screen.getByText('Second')))
})
