import { testRoad } from './suite'
import { openWebSocketRoad } from './web-socket-road'

testRoad(openWebSocketRoad)
