export { ContainersPage } from './list/ContainersPage'
export { ContainerPage, type ContainerPageProps } from './page/ContainerPage'
export type { ContainerPageSlots, ContainerSlotProps } from './page/slots'
