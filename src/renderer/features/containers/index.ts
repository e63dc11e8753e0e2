export { ContainersPage } from './list/ContainersPage'
export { ContainerPage, type ContainerPageProps } from './page/ContainerPage'
export type { ContainerPageSlots, ContainerSlotProps, FilesSlotProps } from './page/slots'
