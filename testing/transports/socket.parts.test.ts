import { openSocketRoad } from './socket-road'
import { testRoad } from './suite'

testRoad(openSocketRoad)
