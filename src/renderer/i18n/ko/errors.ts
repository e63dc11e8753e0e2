import type { errors as en } from '../en/errors'
import type { Shape } from '../shape'
import { machineErrors } from './machine-errors'

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
  theKey: '다른 키',
  theAnswer: '답변',
  theTarget: '엔진',
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
    authority: '엔진의 인증서가 지정한 CA 파일의 것이 아닙니다. 이 엔진에 맞는 CA 파일을 지정하세요.',
    name: '엔진의 인증서가 다른 호스트 이름의 것입니다. 인증서에 적힌 이름을 사용하세요.',
    date: '엔진의 인증서가 만료되었거나 아직 유효하지 않습니다. 갱신하거나 두 호스트의 시계를 확인하세요.',
    refused: '엔진이 이 인증서를 거부했습니다. 이 엔진용으로 만든 인증서와 키를 지정하세요.',
    files: '파일이 서로 맞지 않습니다. 모두 PEM이어야 하고 키는 인증서와 짝이어야 합니다.',
    unreadable: '{{path}} 파일을 읽을 수 없습니다. 경로나 권한을 고치세요.',
    wanted: '엔진이 TLS를 요구합니다. 암호화를 켜고 파일을 지정하세요.',
    plain: '이 포트는 TLS를 쓰지 않습니다. 포트를 확인하거나 암호화를 끄세요.',
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
    by: '{{users}}에서 {{name}}을(를) 사용 중입니다. 먼저 중지하거나 삭제하세요. 강제로 삭제할 수도 있습니다.',
    text: '{{name}}을(를) 사용하는 것이 있습니다. 먼저 중지하거나 삭제하세요. 강제로 삭제할 수도 있습니다.',
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
    title: '이미지를 받는 횟수 제한을 넘었습니다',
    text: '이미지를 받는 횟수가 제한되어 있습니다({{registry}}). 로그인하거나 나중에 다시 시도하세요.',
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
  ...machineErrors,
  tunnelUnreachable: {
    title: '호스트에 연결할 수 없습니다',
    text: 'SSH로 연결하지 못했습니다({{name}}). 주소와 네트워크, SSH 서버가 실행 중인지 확인하세요. Slipway가 자동으로 다시 시도합니다.',
  },
  tunnelSilent: {
    title: '호스트가 제때 답하지 않습니다',
    text: '제한 시간 안에 답이 없습니다({{name}}). 호스트가 바쁘거나 네트워크가 느릴 수 있습니다. 기다리거나 호스트를 확인하세요.',
  },
  tunnelBadAnswer: {
    title: '사용할 수 있는 SSH가 아닙니다',
    text: 'SSH 서버가 아니거나 더 이상 안전하지 않은 방식만 지원합니다({{name}}). 포트를 확인하거나 SSH 서버를 업데이트하세요.',
  },
  tunnelAuth: {
    title: '로그인이 거부되었습니다',
    text: '어떤 키와 답변도 받아들여지지 않았습니다({{name}}). 사용자 이름을 확인하고, SSH 에이전트에 맞는 키를 넣거나 키 파일을 지정하세요.',
  },
  tunnelKeyChanged: {
    title: '호스트 키가 바뀌었습니다',
    text: '{{name}}의 키는 {{expected}}이어야 하지만 {{got}}을(를) 제시했습니다. 누군가 통신을 가로채고 있거나 호스트가 새로 설치된 것일 수 있습니다. 아무것도 전송하지 않았습니다. 관리자에게 확인하고, 새 키가 맞다면 {{path}}에서 이전 줄을 지우세요.',
  },
  tunnelForbidden: {
    title: '호스트가 이 경로를 허용하지 않습니다',
    text: '{{target}}에 연결하는 것이 금지되어 있습니다({{name}}). SSH 서버에서 전달(AllowTcpForwarding, AllowStreamLocalForwarding)을 허용해야 합니다.',
  },
  tunnelRefused: {
    title: '호스트 안에서 응답이 없습니다',
    text: '{{name}}에서 {{target}}에 연결할 수 없습니다. 응답해야 할 프로그램을 시작하세요. Slipway가 자동으로 다시 시도합니다.',
  },
  tunnelBusy: {
    title: '호스트가 연결을 더 허용하지 않습니다',
    text: '{{name}}에서 허용하는 채널을 모두 사용 중입니다. 터미널과 로그를 닫거나 SSH 서버의 MaxSessions를 늘리세요.',
  },
  tunnelLost: {
    title: '호스트와의 연결이 끊어졌습니다',
    text: '{{name}}에 더 이상 연결되어 있지 않습니다. 돌아오면 Slipway가 자동으로 다시 연결합니다.',
  },
  sshUnknownHost: {
    title: '처음 연결하는 호스트입니다',
    text: '{{name}}이(가) {{keyType}} 키 {{fingerprint}}을(를) 제시했습니다. 관리자가 알려 준 값과 비교해 같을 때만 수락하세요.',
  },
  sshNeedsAnswer: {
    title: '로그인하려면 답변이 필요합니다',
    text: '{{name}}의 질문: {{prompt}}',
  },
  sshRevoked: {
    title: '폐기된 호스트 키입니다',
    text: '{{path}}에 {{name}}의 키 {{fingerprint}}이(가) 폐기된 것으로 표시되어 있습니다. 아무것도 전송하지 않았습니다. 관리자에게 문의하세요.',
  },
  sshNoEngine: {
    title: '호스트에서 엔진을 찾지 못했습니다',
    text: '{{name}}에 연결했지만 해당 사용자가 쓸 수 있는 Docker 소켓이 없습니다. 그곳에서 Docker를 시작하거나 사용자를 docker 그룹에 추가하세요.',
  },
  sshConfig: {
    title: 'SSH 설정을 사용할 수 없습니다',
    text: '{{path}}을(를) 고치고 다시 시도하세요.',
  },
  noShell: {
    title: '컨테이너에 셸이 없습니다',
    text: '이미지에 Slipway가 아는 셸이 없습니다. 실행할 프로그램을 직접 지정하세요.',
  },
  terminalEnded: { title: '터미널이 종료되었습니다', text: '새 터미널을 여세요.' },
  terminalUnknown: { title: '터미널이 없습니다', text: '코어가 다시 시작되었습니다. 새 터미널을 여세요.' },
  terminalAgentLost: {
    title: '터미널을 맡던 에이전트가 멈췄습니다',
    text: '다시 여세요. 에이전트가 돌아올 때까지는 엔진 API로 열립니다.',
  },
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
  portForbidden: {
    title: '이 컴퓨터에서는 쓸 수 없는 포트입니다: {{port}}',
    text: '1024보다 작은 포트는 관리자만 쓸 수 있습니다. 더 큰 포트로 게시하거나, 이 사용자가 낮은 포트를 쓸 수 있게 설정하세요.',
  },
  portUnsupported: {
    title: '이 머신에서는 게시할 수 없는 포트입니다: {{port}}',
    text: '이 종류의 머신에는 이 프로토콜을 전달할 방법이 없습니다. QEMU 머신을 쓰거나 TCP를 사용하세요.',
  },
  shareRefused: {
    title: '이 폴더는 공유할 수 없습니다: {{path}}',
    text: '머신 자신이 쓰는 폴더와 이름이 같거나 Slipway의 파일이 들어 있는 폴더입니다. 다른 폴더나 그 안의 폴더를 공유하세요.',
  },
  resetIncomplete: {
    title: '일부를 삭제할 수 없음',
    text: '나머지는 모두 삭제했습니다. 남은 항목과 이유는 아래에 있습니다. 다시 초기화하면 한 번 더 시도합니다.',
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
