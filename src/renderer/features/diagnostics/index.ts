export { DiagnosticsPage } from './DiagnosticsPage'
