import { colours, type Box, type TreemapCell } from './treemap-layout'

/** What the picture is drawn with, read from the tokens through a real property: only there they are resolved. */
interface Palette {
  readonly fills: readonly string[]
  readonly text: string
  readonly edge: string
  readonly font: string
}

function readPalette(canvas: HTMLCanvasElement): Palette {
  const probe = document.createElement('span')
  canvas.parentElement?.append(probe)
  const read = (token: string): string => {
    probe.style.color = `var(${token})`
    return getComputedStyle(probe).color
  }
  const palette = {
    fills: Array.from({ length: colours }, (_, index) => read(`--treemap-${index}`)),
    text: read('--text'),
    edge: read('--bg'),
    font: getComputedStyle(canvas).fontFamily,
  }
  probe.remove()
  return palette
}

/** Draws all cells: deeper ones a little stronger, names where they fit. */
export function drawTreemap(canvas: HTMLCanvasElement, cells: readonly TreemapCell[], box: Box): void {
  const pen = canvas.getContext('2d')
  if (!pen) return
  const scale = window.devicePixelRatio || 1
  canvas.width = Math.round(box.width * scale)
  canvas.height = Math.round(box.height * scale)
  pen.setTransform(scale, 0, 0, scale, 0, 0)
  pen.clearRect(0, 0, box.width, box.height)
  const palette = readPalette(canvas)
  pen.textBaseline = 'middle'
  for (const cell of cells) {
    pen.globalAlpha = Math.min(1, 0.55 + 0.2 * cell.depth)
    pen.fillStyle = palette.fills[cell.colour] ?? palette.edge
    pen.fillRect(cell.x, cell.y, cell.width, cell.height)
    pen.globalAlpha = 1
    pen.strokeStyle = palette.edge
    pen.lineWidth = 1
    pen.strokeRect(cell.x + 0.5, cell.y + 0.5, cell.width - 1, cell.height - 1)
    write(pen, cell, palette)
  }
}

function write(pen: CanvasRenderingContext2D, cell: TreemapCell, palette: Palette): void {
  if (!cell.isNamed || cell.width < 34 || cell.height < 16) return
  pen.save()
  pen.beginPath()
  pen.rect(cell.x + 2, cell.y, cell.width - 4, cell.height)
  pen.clip()
  pen.font = `${cell.depth === 1 ? 600 : 400} 11px ${palette.font}`
  pen.fillStyle = palette.text
  pen.fillText(cell.node.name, cell.x + 5, cell.y + 9)
  pen.restore()
}
