export { ComparePage } from './compare/ComparePage'
export { LayersExplorer } from './LayersExplorer'
