import type { volumes as en } from '../en/volumes'
import type { Shape } from '../shape'

export const volumes: Shape<typeof en> = {
  title: '볼륨',
  count_one: '볼륨 {{count}}개',
  count_other: '볼륨 {{count}}개',
  create: '만들기…',
  anonymous: '익명',
  column: { mountpoint: '엔진 호스트의 위치', scope: '범위' },
  filter: { anonymous: '익명' },
  empty: { title: '아직 볼륨이 없습니다', text: '볼륨은 컨테이너가 사라져도 데이터를 지킵니다.' },
  sizes: '크기 재기',
  sizesHint: '엔진이 디스크를 훑기 때문에 시간이 걸릴 수 있습니다.',
  measuring: '재는 중…',
  createDialog: {
    title: '볼륨 만들기',
    name: '이름',
    nameHint: '비우면 익명 볼륨',
    driver: '드라이버',
    options: '드라이버 옵션',
    labels: '레이블',
    badName: '영문자나 숫자로 시작하고 영문자, 숫자, “_”, “.”, “-”를 두 글자 이상 쓰세요',
    taken: '같은 이름의 볼륨이 있습니다',
  },
  removeDialog: {
    title_one: '이 볼륨과 데이터를 삭제할까요?',
    title_other: '볼륨 {{count}}개와 데이터를 삭제할까요?',
    text: '안에 있는 데이터는 되돌릴 수 없습니다.',
    held: '컨테이너를 먼저 삭제하세요.',
  },
  prune: {
    title: '볼륨 정리',
    text: '어떤 컨테이너도 쓰지 않는 볼륨입니다. 데이터는 되돌릴 수 없습니다.',
    all: '이름이 있는 볼륨도 포함',
  },
  tabs: '볼륨 보기',
  noUse: '이 볼륨을 쓰는 컨테이너가 없습니다.',
  path: '컨테이너 안 경로',
}
