export { EnginePage } from './EnginePage'
