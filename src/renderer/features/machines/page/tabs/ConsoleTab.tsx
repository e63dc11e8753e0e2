import { Download, Eraser } from 'lucide-react'
import { useEffect, useRef, useState, type ReactNode, type RefObject } from 'react'
import type { Machine, MachineId } from '../../../../../shared/model'
import { openStream, useConnection } from '../../../../api'
import { useT } from '../../../../i18n'
import { Button, saveText, Toolbar, useScheme } from '../../../../ui'
import { ConsoleScreen } from './console-screen'

const retryMs = 1500

/** What the machine says on its serial console: what was kept of this boot, then what comes. */
export function ConsoleTab({ machine }: { readonly machine: Machine }): ReactNode {
  const t = useT()
  const place = useRef<HTMLDivElement>(null)
  const label = t('machines.page.console.label', { name: machine.settings.name })
  // Another boot is another console: it begins anew.
  const boot = machine.boots[0]?.startedAt ?? 0
  const view = useConsole(place, machine.id, { boot, label })
  const { name } = machine.settings
  return (
    <div className="machine-console">
      <Toolbar>
        <span className="dim">{t(`machines.page.console.${view.isLost ? 'lost' : 'follow'}`)}</span>
        <span className="toolbar__space" />
        <Button size="sm" icon={<Eraser aria-hidden="true" />} onClick={() => view.screen.current?.clear()}>
          {t('machines.page.console.clear')}
        </Button>
        <Button
          size="sm"
          icon={<Download aria-hidden="true" />}
          disabled={!view.hasText}
          onClick={() => saveText(view.screen.current?.text ?? '', t('machines.page.console.file', { name }))}
        >
          {t('machines.page.console.download')}
        </Button>
      </Toolbar>
      <div className="machine-console__body">
        <div ref={place} className="machine-console__screen mono" role="log" aria-label={label} />
        {!view.hasText && <p className="machine-console__empty dim">{t('machines.page.console.empty')}</p>}
      </div>
    </div>
  )
}

interface ConsoleView {
  readonly screen: RefObject<ConsoleScreen | undefined>
  readonly hasText: boolean
  readonly isLost: boolean
}

function useConsole(
  place: RefObject<HTMLDivElement | null>,
  machine: MachineId,
  { boot, label }: { readonly boot: number; readonly label: string },
): ConsoleView {
  const screen = useRef<ConsoleScreen>(undefined)
  const [hasText, setHasText] = useState(false)
  const [isLost, setLost] = useState(false)
  const isConnected = useConnection().state === 'connected'
  const scheme = useScheme()
  useEffect(() => {
    if (!place.current) return undefined
    const made = new ConsoleScreen(place.current, label)
    screen.current = made
    return () => made.dispose()
  }, [place, label])
  useEffect(() => screen.current?.setTheme(), [scheme])
  useEffect(() => {
    if (!screen.current || !isConnected) return undefined
    return follow(machine, screen.current, (state) => {
      setHasText(state === 'text')
      setLost(state === 'lost')
    })
    // A new name is a new screen, and another boot begins anew.
  }, [isConnected, machine, boot, label])
  return { screen, hasText, isLost }
}

/** Reads the console for as long as somebody looks; a stream that ended is opened again. Returns the end. */
function follow(
  machine: MachineId,
  screen: ConsoleScreen,
  tell: (state: 'waiting' | 'text' | 'lost') => void,
): () => void {
  let isOn = true
  let cancel: (() => void) | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  const read = async (): Promise<void> => {
    tell('waiting')
    screen.reset()
    try {
      const stream = openStream('machines.console', { machine })
      cancel = () => stream.cancel()
      for await (const bytes of stream) {
        if (!isOn) return
        tell('text')
        await screen.write(bytes)
      }
      // A console that ended in order keeps its text on screen.
    } catch {
      if (isOn) tell('lost')
      timer = setTimeout(() => isOn && void read(), retryMs)
    }
  }
  void read()
  return () => {
    isOn = false
    clearTimeout(timer)
    cancel?.()
  }
}
