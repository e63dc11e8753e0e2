export { ContainerTerminal, type ContainerTerminalProps } from './ContainerTerminal'
export { TerminalDock } from './TerminalDock'
