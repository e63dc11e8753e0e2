import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { trayIcon } from './tray'

test('the icon is a template on macOS, of one and of two pixels a point', () => {
  expect([trayIcon('linux'), trayIcon('darwin')]).toEqual(['icon.png', 'iconTemplate.png'])
  // A PNG's width stands at byte 16.
  const width = (name: string): number =>
    readFileSync(new URL(`../../renderer/public/${name}`, import.meta.url)).readUInt32BE(16)
  expect([width('iconTemplate.png'), width('iconTemplate@2x.png')]).toEqual([16, 32])
})
