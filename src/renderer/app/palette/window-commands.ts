import {
  Cpu,
  Download,
  Keyboard,
  Languages,
  Play,
  Server,
  SquareTerminal,
  Stethoscope,
  SunMoon,
} from 'lucide-react'
import type { Settings } from '../../../shared/model'
import { openHostTerminal } from '../../store/dock'
import { changeSettings } from '../../store/settings'
import { nav, settingsEntry } from '../nav'
import type { Command } from './find-commands'
import type { CommandTools } from './object-commands'

const themes = ['system', 'light', 'dark'] as const
const languages = ['system', 'en', 'ko'] as const

export function pageCommands({ t, navigate }: CommandTools): readonly Command[] {
  const pages: Command[] = [...nav, settingsEntry].map((entry) => ({
    id: `pages ${entry.path}`,
    group: 'pages',
    label: t(entry.title),
    keywords: entry.path.slice(1),
    icon: entry.icon,
    run: () => navigate(entry.path),
  }))
  const engine: Command = {
    id: 'pages /engine',
    group: 'pages',
    label: t('shell.nav.engine'),
    keywords: 'engine docker',
    icon: Server,
    run: () => navigate('/engine'),
  }
  const diagnostics: Command = {
    id: 'pages /diagnostics',
    group: 'pages',
    label: t('diagnostics.title'),
    keywords: 'diagnose doctor report bug support health',
    icon: Stethoscope,
    run: () => navigate('/diagnostics'),
  }
  return [...pages, engine, diagnostics]
}

export function actionCommands(tools: CommandTools, onHelp: () => void): readonly Command[] {
  const { t, navigate } = tools
  const pieces: readonly Omit<Command, 'group'>[] = [
    {
      id: 'run',
      label: t('shell.palette.run'),
      keywords: 'docker run',
      icon: Play,
      run: () => navigate('/run'),
    },
    {
      id: 'pull',
      label: t('shell.palette.pull'),
      keywords: 'docker pull',
      icon: Download,
      run: () => navigate('/images?pull='),
    },
    {
      id: 'host terminal',
      label: t('shell.palette.hostTerminal'),
      keywords: 'shell terminal',
      icon: SquareTerminal,
      run: () => openHostTerminal(),
    },
    {
      id: 'new machine',
      label: t('shell.palette.newMachine'),
      keywords: 'vm qemu create',
      icon: Cpu,
      run: () => navigate('/machines?new='),
    },
    {
      id: 'shortcuts',
      label: t('shell.palette.shortcuts'),
      keywords: 'keyboard shortcuts help',
      icon: Keyboard,
      run: onHelp,
    },
  ]
  return pieces.map((piece) => ({ ...piece, group: 'actions' }))
}

export function settingCommands({ t }: CommandTools, settings: Settings): readonly Command[] {
  return [
    ...themes
      .filter((theme) => theme !== settings.theme)
      .map((theme): Command => ({
        id: `theme ${theme}`,
        group: 'settings',
        label: t('shell.palette.theme', { theme: t(`settings.themes.${theme}`) }),
        keywords: `theme ${theme}`,
        icon: SunMoon,
        run: () => void changeSettings({ theme }),
      })),
    ...languages
      .filter((language) => language !== settings.language)
      .map((language): Command => ({
        id: `language ${language}`,
        group: 'settings',
        label: t('shell.palette.language', { language: t(`settings.languages.${language}`) }),
        keywords: `language ${language}`,
        icon: Languages,
        run: () => void changeSettings({ language }),
      })),
  ]
}
