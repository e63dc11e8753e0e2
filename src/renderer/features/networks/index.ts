export { NetworkPage } from './NetworkPage'
export { NetworksPage } from './NetworksPage'
