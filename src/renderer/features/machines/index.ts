export { MachinesPage } from './list/MachinesPage'
export { MachinePage } from './page/MachinePage'
