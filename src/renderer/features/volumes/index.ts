export { VolumePage } from './VolumePage'
export { VolumesPage } from './VolumesPage'
