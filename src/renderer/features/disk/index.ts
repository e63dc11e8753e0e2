export { DiskPage } from './DiskPage'
