import { useState, type ReactNode } from 'react'
import type { LayerSummary, ObjectRef } from '../../../shared/model'
import { openStream, useCall } from '../../api'
import { useT } from '../../i18n'
import { useAgentServes } from '../../store/agents'
import { useUi } from '../../store/ui'
import { SplitPane, Tabs } from '../../ui'
import { FilePanel } from './file/FilePanel'
import { useHiddenValues } from './parts/HiddenValues'
import { LayerInfo } from './parts/LayerInfo'
import { LayerList } from './parts/LayerList'
import { SizeMap } from './parts/SizeMap'
import { joinSteps, type Step } from './parts/steps'
import { SummaryBar } from './parts/SummaryBar'
import { WasteList } from './parts/WasteList'
import { shows, usePlace, type Placing, type Show } from './place'
import { ReadFrame } from './read/ReadFrame'
import { useRead } from './read/use-read'
import { LayerTree } from './tree/LayerTree'
import './layers.css'

interface LayersExplorerProps {
  readonly imageRef: ObjectRef
  readonly sizeBytes: number
}

/** Through the engine's save more than this is read only when somebody asks for it. */
const askAboveBytes = 500_000_000

/** An image's layers: the steps that made them, what each did to the files, and where the bytes are and are lost. */
export function LayersExplorer({ imageRef, sizeBytes }: LayersExplorerProps): ReactNode {
  const t = useT()
  const placing = usePlace()
  const { engine, id } = imageRef
  const isFast = useAgentServes(engine, 'layers.tree')
  const history = useCall('images.history', { engine, id })
  const reading = useRead<LayerSummary>(
    `${engine}/${id}`,
    () => openStream('layers.read', { engine, id }),
    !isFast && sizeBytes > askAboveBytes,
  )
  const { now } = reading
  const hiding = useHiddenValues(history.value?.layers, now.state === 'ready' ? now.summary : undefined)
  const { summary } = hiding
  const steps = joinSteps(hiding.history, summary)
  const choice = useChoice(steps, placing)
  const [width, setWidth] = useUi('layers.width', 760)
  return (
    <div className="layers">
      {summary && <SummaryBar imageRef={imageRef} summary={summary} placing={placing} />}
      <SplitPane
        label={t('layers.resizeList')}
        size={width}
        onSize={setWidth}
        min={280}
        first={
          <div className="layers-steps">
            {hiding.control}
            <LayerList steps={steps} chosen={choice.step?.index} onChoose={choice.choose} />
          </div>
        }
        second={
          <ReadFrame reading={reading} engine={engine} sizeBytes={sizeBytes}>
            {(read) => (
              <Right
                imageRef={imageRef}
                summary={summary ?? read}
                layer={choice.layer}
                step={choice.step}
                placing={placing}
              />
            )}
          </ReadFrame>
        }
      />
    </div>
  )
}

/** Which step is chosen: the address knows its layer, and one without a layer is known here. */
function useChoice(steps: readonly Step[], placing: Placing) {
  const [empty, setEmpty] = useState<number>()
  const layers = steps.filter((step) => step.layer !== undefined)
  const layer = Math.min(placing.place.layer ?? Infinity, Math.max(0, layers.length - 1))
  const step = steps.find((one) => one.index === empty) ?? layers[layer]
  const choose = (chosen: Step): void => {
    setEmpty(chosen.layer === undefined ? chosen.index : undefined)
    placing.go({
      path: undefined,
      tab: 'details',
      ...(chosen.layer !== undefined && { layer: chosen.layer }),
    })
  }
  return { layer, step, choose }
}

interface RightProps {
  readonly imageRef: ObjectRef
  readonly summary: LayerSummary
  readonly layer: number
  readonly step: Step | undefined
  readonly placing: Placing
}

function Right({ imageRef, summary, layer, step, placing }: RightProps): ReactNode {
  const t = useT()
  const { place, go } = placing
  const [height, setHeight] = useUi('layers.panelHeight', 260)
  const { path } = place
  const panel =
    path !== undefined ? (
      <FilePanel imageRef={imageRef} summary={summary} layer={layer} path={path} placing={placing} />
    ) : (
      step && <LayerInfo step={step} totalBytes={summary.totalBytes} />
    )
  return (
    <SplitPane
      label={t('layers.resizePanel')}
      direction="column"
      size={height}
      onSize={setHeight}
      min={120}
      first={
        <Tabs<Show>
          label={t('layers.show.label')}
          tabs={shows.map((show) => ({ id: show, label: t(`layers.show.${show}`) }))}
          value={place.show}
          onChange={(show) => go({ show })}
        >
          <div className="layers-right">
            {place.show === 'tree' && <LayerTree imageRef={imageRef} layer={layer} placing={placing} />}
            {place.show === 'map' && <SizeMap imageRef={imageRef} layer={layer} placing={placing} />}
            {place.show === 'waste' && <WasteList imageRef={imageRef} summary={summary} placing={placing} />}
          </div>
        </Tabs>
      }
      second={panel || undefined}
    />
  )
}
