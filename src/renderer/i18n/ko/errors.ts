import type { errors as en } from '../en/errors'
import type { Shape } from '../shape'

export const errors: Shape<typeof en> = {
  theEngine: '엔진',
  theObject: '해당 항목',
  theFile: '파일',
  thePort: '포트',
  another: '다른 프로그램',
  theImage: '이미지',
  theRegistry: '레지스트리',
  theStart: '시작',
  aField: '입력란',
  engineUnreachable: {
    title: '엔진이 응답하지 않습니다',
    text: '연결 대상({{address}})에서 응답이 없습니다. 엔진을 시작하세요. 시작되면 Slipway가 자동으로 연결합니다.',
  },
  socketMissing: {
    title: '이 주소에 엔진이 없습니다',
    text: '주소({{address}})가 존재하지 않습니다. Docker를 시작하거나 설정에서 주소를 고치세요.',
  },
  engineForbidden: {
    title: '이 엔진을 사용할 권한이 없습니다',
    text: '현재 사용자는 {{address}}에 접근할 수 없습니다. 사용자를 “{{group}}” 그룹에 추가하고 다시 로그인한 뒤 시도하세요.',
  },
  notResponding: {
    title: '엔진이 제때 답하지 않습니다',
    text: '요청은 전달됐지만 제한 시간 안에 답이 없습니다({{address}}). 엔진이 바쁘거나 멈췄을 수 있습니다. 기다리거나 엔진을 다시 시작하세요.',
  },
  tooOld: {
    title: '엔진 버전이 너무 낮습니다',
    text: 'Slipway에는 API {{version}} 이상이 필요합니다. 엔진을 업데이트하세요.',
  },
  tls: {
    title: '엔진에 안전하게 연결할 수 없습니다',
    text: '엔진 또는 인증서가 거부되었습니다. 설정에서 CA, 인증서, 키 파일을 확인하세요.',
  },
  badAnswer: {
    title: 'Docker 엔진의 응답이 아닙니다',
    text: '주소({{address}})가 Docker Engine API의 주소가 맞는지 확인하세요.',
  },
  unsupported: {
    title: '이 엔진에서 지원하지 않는 기능입니다',
    text: '엔진의 API 버전에 이 기능이 없습니다. 사용하려면 엔진을 업데이트하세요.',
  },
  engineFailed: {
    title: '엔진에서 오류가 발생했습니다',
    text: '엔진 자체의 오류입니다. 다시 시도하고, 계속되면 엔진 로그를 확인하세요.',
  },
  engineUnknown: {
    title: '목록에 없는 엔진입니다',
    text: '제거되었거나 주소가 바뀌었습니다. 다른 엔진을 선택하세요.',
  },
  notFound: { title: '더 이상 존재하지 않습니다', text: '엔진에서 {{name}}을(를) 찾을 수 없습니다.' },
  conflict: {
    title: '충돌이 있어 엔진이 거부했습니다',
    text: '이름이 이미 쓰이고 있거나 지금 상태에서는 할 수 없는 작업입니다. 상황을 바꾼 뒤 다시 시도하세요.',
  },
  inUse: {
    title: '아직 사용 중입니다',
    text: '{{name}}을(를) 사용하는 것이 있습니다. 먼저 중지하거나 제거하세요. 강제로 제거할 수도 있습니다.',
  },
  requestInvalid: {
    title: '엔진이 요청을 받아들이지 않았습니다',
    text: '아래에서 엔진이 지적한 내용을 고치고 다시 시도하세요.',
  },
  unauthorized: {
    title: '허용되지 않았습니다',
    text: '접근이 거부되었습니다. 인증 정보를 확인하고 다시 시도하세요.',
  },
  registryUnauthorized: {
    title: '레지스트리 로그인이 필요합니다',
    text: '접근이 거부되었습니다({{registry}}). docker login으로 로그인하고 이름을 확인하세요. 비공개 이미지와 없는 이미지는 구분되지 않습니다.',
  },
  registryNotFound: {
    title: '이미지를 찾을 수 없습니다',
    text: '레지스트리에 {{reference}}이(가) 없습니다. 이름과 태그를 확인하세요.',
  },
  registryUnreachable: {
    title: '레지스트리에 연결할 수 없습니다',
    text: '응답이 없습니다({{registry}}). 네트워크, 엔진의 프록시 설정, 주소를 확인하세요.',
  },
  rateLimited: {
    title: '풀 횟수 제한을 넘었습니다',
    text: '풀 횟수가 제한되어 있습니다({{registry}}). 로그인하거나 나중에 다시 시도하세요.',
  },
  imageDamaged: {
    title: '이미지 데이터가 손상되었거나 형식이 다릅니다',
    text: '이미지를 다시 풀하거나 docker save로 만든 파일을 선택하세요.',
  },
  portInUse: {
    title: '이미 사용 중인 포트입니다: {{port}}',
    text: '사용 중: {{holder}}. 다른 호스트 포트를 고르거나 사용 중인 쪽을 중지하세요.',
  },
  diskFull: {
    title: '디스크가 가득 찼습니다',
    text: '엔진에 남은 공간이 없습니다. 이미지, 볼륨, 컨테이너를 정리한 뒤 다시 시도하세요.',
  },
  startFailed: {
    title: '엔진을 시작하지 못했습니다',
    text: '실패한 단계: {{stage}}. 엔진 페이지에서 로그를 확인하세요.',
  },
  notOurs: {
    title: 'Slipway가 실행한 엔진이 아닙니다',
    text: 'systemctl처럼 처음 시작한 방법으로 시작하거나 중지하세요.',
  },
  noShell: {
    title: '컨테이너에 셸이 없습니다',
    text: '이미지에 Slipway가 아는 셸이 없습니다. 실행할 프로그램을 직접 지정하세요.',
  },
  terminalEnded: { title: '터미널이 종료되었습니다', text: '새 터미널을 여세요.' },
  terminalUnknown: { title: '터미널이 없습니다', text: '코어가 다시 시작되었습니다. 새 터미널을 여세요.' },
  settingsReadOnly: {
    title: '설정을 저장할 수 없습니다',
    text: '쓸 수 없는 파일입니다: {{path}}. 권한을 확인하세요. 그동안의 변경은 Slipway를 끝낼 때까지만 유지됩니다.',
  },
  coreGone: {
    title: 'Slipway 코어에 연결할 수 없습니다',
    text: '창이 자동으로 다시 연결합니다. 계속되면 Slipway를 다시 시작하세요.',
  },
  inputInvalid: { title: '입력이 올바르지 않습니다', text: '{{field}} 값을 확인하고 다시 시도하세요.' },
  callUnknown: {
    title: '창과 코어의 버전이 다릅니다',
    text: '서로 다른 버전이 실행 중입니다. Slipway를 다시 시작하세요.',
  },
  streamBroken: {
    title: '연결에 문제가 생겼습니다',
    text: '다시 시도하세요. 반복되면 Slipway를 다시 시작하세요.',
  },
  fileFailed: {
    title: '파일을 사용할 수 없습니다',
    text: '읽거나 쓸 수 없는 파일입니다: {{path}}. 파일이 있는지, 권한이 있는지 확인하세요.',
  },
  cancelled: { title: '취소됨', text: '끝나기 전에 중지되었습니다.' },
  bug: {
    title: 'Slipway 내부에서 문제가 발생했습니다',
    text: '사용자의 잘못이 아니라 Slipway의 오류입니다. 다시 시도하세요. 설정에 표시된 로그 파일에 자세한 내용이 있습니다.',
  },
}
