import { mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import { needBrowser } from './setup/browser.mjs'

/** Draws `build/icon.svg` at every size that the packages and the tray need. Run after changing it. */
const root = join(import.meta.dirname, '..')
const svg = readFileSync(join(root, 'build/icon.svg'), 'utf8')
const sizes = [16, 32, 48, 64, 128, 256, 512]

/** Apple's icon container: a type of four letters per size, each a PNG. */
const icnsTypes: Readonly<Record<number, string>> = {
  16: 'icp4',
  32: 'icp5',
  64: 'icp6',
  128: 'ic07',
  256: 'ic08',
  512: 'ic09',
}

function icns(pngs: ReadonlyMap<number, Buffer>): Buffer {
  const chunks = [...pngs].flatMap(([size, png]) => {
    const type = icnsTypes[size]
    if (type === undefined) return []
    const head = Buffer.alloc(8)
    head.write(type, 0, 'latin1')
    head.writeUInt32BE(png.length + 8, 4)
    return [head, png]
  })
  const head = Buffer.alloc(8)
  head.write('icns', 0, 'latin1')
  head.writeUInt32BE(8 + chunks.reduce((sum, chunk) => sum + chunk.length, 0), 4)
  return Buffer.concat([head, ...chunks])
}

/** Windows' icon container with PNG entries (Vista and later); 0 stands for 256 pixels. */
function ico(pngs: ReadonlyMap<number, Buffer>): Buffer {
  const entries = [...pngs].filter(([size]) => size <= 256)
  const head = Buffer.alloc(6 + entries.length * 16)
  head.writeUInt16LE(1, 2)
  head.writeUInt16LE(entries.length, 4)
  let offset = head.length
  entries.forEach(([size, png], index) => {
    const at = 6 + index * 16
    head.writeUInt8(size % 256, at)
    head.writeUInt8(size % 256, at + 1)
    head.writeUInt16LE(1, at + 4)
    head.writeUInt16LE(32, at + 6)
    head.writeUInt32LE(png.length, at + 8)
    head.writeUInt32LE(offset, at + 12)
    offset += png.length
  })
  return Buffer.concat([head, ...entries.map(([, png]) => png)])
}

/**
 * macOS draws a menu bar's icon in its own colour: of a template only the opacity counts. The ground would be a black
 * square, so it is left out, and the ship fills what is left.
 */
const template = svg
  .replace(/<rect[^>]*>/, '')
  .replaceAll('#ffffff', '#000000')
  .replace(/viewBox="[^"]*"/, 'viewBox="8 6 48 48"')
const templates = { 'iconTemplate.png': 16, 'iconTemplate@2x.png': 32 }

const browser = await chromium.launch({
  executablePath: needBrowser(),
  args: ['--no-sandbox', '--disable-gpu'],
})
const page = await browser.newPage()
async function draw(text: string, size: number): Promise<Buffer> {
  await page.setViewportSize({ width: size, height: size })
  await page.setContent(
    `<style>*{margin:0}svg{display:block;width:${size}px;height:${size}px}</style>${text}`,
  )
  return page.screenshot({ omitBackground: true })
}
const pngs = new Map<number, Buffer>()
for (const size of sizes) pngs.set(size, await draw(svg, size))
mkdirSync(join(root, 'src/renderer/public'), { recursive: true })
for (const [name, size] of Object.entries(templates))
  writeFileSync(join(root, 'src/renderer/public', name), await draw(template, size))
await browser.close()

mkdirSync(join(root, 'build/icons'), { recursive: true })
for (const [size, png] of pngs) writeFileSync(join(root, `build/icons/${size}x${size}.png`), png)
writeFileSync(join(root, 'build/icon.icns'), icns(pngs))
writeFileSync(join(root, 'build/icon.ico'), ico(pngs))
writeFileSync(join(root, 'src/renderer/public/icon.png'), pngs.get(64) ?? Buffer.alloc(0))
writeFileSync(join(root, 'src/renderer/public/icon.svg'), svg)
