import type { stats as en } from '../en/stats'
import type { Shape } from '../shape'

export const stats: Shape<typeof en> = {
  cpu: 'CPU',
  memory: '메모리',
  network: '네트워크',
  disk: '디스크',
  cpuHint: '100%는 코어 하나를 모두 쓰는 것입니다',
  used: '사용',
  limit: '한도',
  received: '수신',
  sent: '송신',
  read: '읽기',
  written: '쓰기',
  processes: '프로세스',
  perSecond: '{{size}}/초',
  last: '이 화면을 연 뒤 최근 {{minutes}}분',
  waiting: '첫 측정값을 기다리는 중…',
  stopped: '실행 중이 아니어서 측정값이 없습니다',
  stoppedText: '컨테이너가 실행되면 바로 측정값이 표시됩니다.',
  start: '시작',
  chart: '{{container}}의 {{name}}',
  noReading: '측정값 없음',
  total: '누적 {{size}}',
}
