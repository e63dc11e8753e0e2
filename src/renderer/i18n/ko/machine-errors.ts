import type { machineErrors as en } from '../en/machine-errors'
import type { Shape } from '../shape'

export const machineErrors: Shape<typeof en> = {
  startFailed: {
    title: '엔진을 시작하지 못했습니다',
    text: '실패한 단계: {{stage}}. 엔진 페이지에서 로그를 확인하세요.',
  },
  notOurs: {
    title: 'Slipway가 실행한 엔진이 아닙니다',
    text: 'systemctl처럼 처음 시작한 방법으로 시작하거나 중지하세요.',
  },
  machineUnknown: {
    title: '더 이상 없는 머신입니다',
    text: '삭제된 머신입니다. 다른 머신을 선택하세요.',
  },
  machineNameTaken: {
    title: '이미 쓰이는 이름입니다',
    text: '같은 이름의 머신이 있습니다({{name}}). 다른 이름을 고르세요.',
  },
  machineWrongState: {
    title: '머신의 현재 상태에서는 할 수 없습니다',
    text: '지금 상태에서는 허용되지 않는 작업입니다({{name}}). 먼저 머신을 시작하거나 종료하세요.',
  },
  machineUnavailable: {
    title: '사용할 수 있는 하이퍼바이저가 없습니다',
    text: '머신을 실행하려면 하이퍼바이저가 필요합니다. 아래에 표시된 항목을 설치하거나 다른 하이퍼바이저를 선택하세요.',
  },
  machineBootTimeout: {
    title: '머신이 제시간에 시작되지 않았습니다',
    text: '멈춘 단계: {{stage}}. 콘솔에서 어디까지 진행됐는지 확인하고 다시 시작하세요. 컴퓨터가 바쁠 때는 더 오래 걸릴 수 있습니다.',
  },
  machineCrashed: {
    title: '머신의 커널이 멈췄습니다',
    text: '콘솔에서 마지막 메시지를 확인하세요. 다시 시작하면 디스크는 자동으로 복구됩니다.',
  },
  machineEnded: {
    title: '머신이 저절로 종료되었습니다',
    text: '하이퍼바이저가 요청 없이 종료되었습니다. 다시 시작하면 디스크는 자동으로 복구됩니다.',
  },
  machineFrozen: {
    title: '머신이 움직이지 않습니다',
    text: '하이퍼바이저가 응답하지 않습니다. 기다리거나 강제로 중지한 뒤 다시 시작하세요.',
  },
  machineDiskInUse: {
    title: '머신의 디스크가 사용 중입니다',
    text: '다른 프로그램이 {{path}}을(를) 사용하고 있습니다. 그 프로그램을 끝낸 뒤 머신을 다시 시작하세요.',
  },
  machineDiskFailed: {
    title: '머신의 디스크를 준비하지 못했습니다',
    text: '{{path}}을(를) 만들거나 바꿀 수 없습니다. 남은 공간과 폴더 권한을 확인하세요.',
  },
  machineDiskMissing: {
    title: '머신의 디스크를 찾을 수 없습니다',
    text: '{{path}}에 없습니다. 드라이브를 연결하거나 마운트한 뒤 머신을 다시 시작하세요. 디스크를 옮겼다면 머신 설정에서 폴더를 지정하세요. 디스크가 완전히 사라졌다면 머신을 초기화하세요. 그러면 빈 디스크가 새로 만들어집니다.',
  },
  machineDiskShrink: {
    title: '디스크는 늘릴 수만 있습니다',
    text: '현재 크기 이상으로 지정하거나 머신을 초기화하세요.',
  },
  machineSuspendFailed: {
    title: '머신을 일시 중단하지 못했습니다',
    text: '머신은 그대로 실행 중입니다. 종료하거나 다시 시도하세요.',
  },
  machineGuestFailed: {
    title: '머신에서 작업을 하지 못했습니다',
    text: '머신 안의 프로그램이 실패했습니다. 아래 메시지를 확인하고 다시 시도하거나 머신을 다시 시작하세요.',
  },
  machineImageMissing: {
    title: '이 컴퓨터에 맞는 머신 이미지가 없습니다',
    text: '이 버전의 Slipway에는 이미지가 들어 있지 않습니다. Linux에서 소스로 빌드하거나(npm run vm:build) SLIPWAY_IMAGE_URL과 SLIPWAY_IMAGE_KEY를 설정하세요.',
  },
  machineImageFetch: {
    title: '머신 이미지를 다운로드하지 못했습니다',
    text: '네트워크 연결을 확인하고 다시 시도하세요. 이미 받은 부분은 그대로 남아 있습니다.',
  },
  machineImageBuild: {
    title: '머신 이미지를 빌드하지 못했습니다',
    text: '빌드 메시지는 아래에 있습니다. Debian에서는 npm start -- --machine vm이 필요한 도구를 설치합니다.',
  },
  machineImageDamaged: {
    title: '머신 이미지가 약속된 것과 다릅니다',
    text: '서명이나 체크섬이 맞지 않아 사용하지 않았습니다. 다시 시도하세요. 계속되면 누군가 다운로드를 도중에 바꾸고 있을 수 있습니다.',
  },
  machineDaemonJson: {
    title: '이 구성으로는 엔진을 시작할 수 없습니다',
    text: '이전 구성이 그대로 유지됩니다. 아래에 표시된 내용을 고치고 다시 시도하세요.',
  },
  machineNameDiffers: {
    title: '머신 이름이 다릅니다',
    text: '표시된 이름을 그대로 입력하세요. 아무것도 삭제되지 않았습니다.',
  },
}
