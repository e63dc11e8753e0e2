export { FilesView, type FilesViewProps } from './FilesView'
