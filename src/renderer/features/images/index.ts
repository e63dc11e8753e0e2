export { ImagePage } from './ImagePage'
export { ImagesPage } from './ImagesPage'
