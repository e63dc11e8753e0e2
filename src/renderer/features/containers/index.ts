export { ContainersPage } from './list/ContainersPage'
export {
  ContainerPage,
  type ContainerPageProps,
  type ContainerPageSlots,
  type ContainerSlotProps,
} from './page/ContainerPage'
