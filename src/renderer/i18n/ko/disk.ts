import type { Shape } from '../shape'
import type { disk as en } from '../en/disk'

export const disk: Shape<typeof en> = {
  title: '{{engine}}의 디스크',
  back: '엔진으로 돌아가기',
  measure: '다시 측정',
  measuring: '측정하는 중…',
  measuringText: '지금까지 파일 {{files}}개, {{size}}',
  stop: '중지',
  stopped: '측정을 중지했습니다.',
  measured: '{{age}} 측정, {{duration}} 걸림',
  road: {
    agent:
      '디스크에서 실제로 차지하는 블록입니다. 빈 구간은 세지 않고, 이미지끼리 공유하는 부분은 한 번만 셉니다.',
    api: '엔진이 계산한 값입니다. 로그와 데이터 폴더의 나머지는 빠져 있습니다. 에이전트가 있으면 디스크를 직접 측정합니다.',
    mixed:
      '볼륨과 로그는 디스크에서 직접 측정했습니다. 이 엔진의 저장 방식은 에이전트가 알지 못하므로 이미지와 컨테이너는 엔진이 계산한 값입니다.',
  },
  total: '모두 {{size}}',
  kind: {
    image: '이미지',
    container: '컨테이너',
    volume: '볼륨',
    cache: '빌드 캐시',
    other: '그 밖의 데이터',
  },
  one: {
    image: '이미지',
    container: '컨테이너',
    volume: '볼륨',
    cache: '빌드 캐시',
    other: '엔진 데이터',
  },
  all: '전체',
  show: '보기',
  picture: '공간을 차지하는 항목',
  rest: '여러 항목이 공유하는 부분과 작은 항목',
  column: { name: '이름', kind: '종류', own: '자체 크기', shared: '공유', note: '비고' },
  sharedHint: '다른 이미지도 쓰는 레이어입니다. 이 이미지를 지워도 남습니다.',
  log: '이 중 로그 {{size}}',
  cut: '최소',
  untagged: '태그 없음',
  used: { image: '{{names}}에서 사용 중', volume: '{{names}}에서 사용 중' },
  cleanUp: '정리',
  cleanUpOf: {
    image: '이미지 정리…',
    container: '컨테이너 정리…',
    volume: '볼륨 정리…',
  },
  giveBack: '빈 공간을 이 컴퓨터에 돌려주기…',
  empty: '이 종류는 공간을 차지하지 않습니다.',
  gone: '이 엔진이 없습니다',
}
