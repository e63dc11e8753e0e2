import type { Engine, Machine } from '../../shared/model'
import { menuEn, menuKo, type MenuWords } from './menu-words'

/** What the tray and the application menu say. */
export interface TrayWords {
  readonly open: string
  readonly running: (count: number) => string
  readonly noneRunning: string
  readonly more: (count: number) => string
  readonly stop: string
  readonly restart: string
  readonly logs: string
  readonly terminal: string
  readonly openPort: (port: number) => string
  readonly startStopped: string
  readonly projects: string
  readonly up: string
  readonly down: string
  readonly runImage: string
  readonly pull: string
  readonly settings: string
  readonly quit: string
  readonly coreStarting: string
  readonly noEngine: string
  readonly engine: Readonly<Record<Engine['state']['kind'], string>>
  readonly machine: Readonly<Record<Machine['state']['kind'] | 'suspended', string>>
  readonly machineVerb: Readonly<Record<'start' | 'suspend' | 'shutdown', string>>
  readonly showMachine: string
  readonly menu: MenuWords
  /** A page with unsaved changes is to be closed or loaded anew. */
  readonly unsaved: { readonly ask: string; readonly leave: string; readonly stay: string }
  /** The app is to quit, and core is not done. */
  readonly ending: {
    readonly saving: string
    readonly click: string
    readonly ask: string
    readonly now: string
    readonly wait: string
  }
  readonly died: (name: string) => string
  readonly unhealthy: (name: string) => string
  readonly engineLost: (name: string) => string
  readonly settingsRecovered: string
  readonly exitCode: (code: string) => string
  readonly saveBroke: (name: string) => string
  readonly saveAgain: string
}

const en: TrayWords = {
  open: 'Open Slipway',
  running: (count) => `Running containers (${count})`,
  noneRunning: 'No running containers',
  more: (count) => `${count} more…`,
  stop: 'Stop',
  restart: 'Restart',
  logs: 'Logs',
  terminal: 'Terminal',
  openPort: (port) => `Open port ${port}`,
  startStopped: 'Start a stopped container',
  projects: 'Projects',
  up: 'Start all',
  down: 'Stop all',
  runImage: 'Run an image',
  pull: 'Pull an image…',
  settings: 'Settings…',
  quit: 'Quit Slipway',
  coreStarting: 'Slipway is starting…',
  noEngine: 'No engine: see why…',
  engine: {
    starting: 'starting',
    connecting: 'connecting',
    running: 'running',
    lost: 'not reachable',
    stopped: 'stopped',
  },
  machine: {
    absent: 'never started',
    stopped: 'shut down',
    suspended: 'suspended',
    starting: 'starting',
    running: 'running',
    degraded: 'running, with problems',
    stopping: 'stopping',
    failed: 'failed',
  },
  machineVerb: { start: 'Start', suspend: 'Suspend', shutdown: 'Shut down' },
  showMachine: 'Show the machine',
  menu: menuEn,
  unsaved: {
    ask: 'There are unsaved changes to files. They will be lost.',
    leave: 'Discard',
    stay: 'Go back',
  },
  ending: {
    saving: 'Slipway saves its machines…',
    click: 'It quits when that is done. Click here to quit now.',
    ask: 'Machines that are not saved yet may lose data.',
    now: 'Quit now',
    wait: 'Wait',
  },
  died: (name) => `${name} stopped unexpectedly`,
  unhealthy: (name) => `${name} is unhealthy`,
  engineLost: (name) => `${name} is not reachable`,
  settingsRecovered: 'The settings file was damaged. The last good copy is in use.',
  exitCode: (code) => `Exit code ${code}`,
  saveBroke: (name) => `${name} was not saved`,
  saveAgain: 'It broke off before its end. Save it again.',
}

const ko: TrayWords = {
  open: 'Slipway 열기',
  running: (count) => `실행 중인 컨테이너 (${count})`,
  noneRunning: '실행 중인 컨테이너 없음',
  more: (count) => `${count}개 더 보기…`,
  stop: '중지',
  restart: '다시 시작',
  logs: '로그',
  terminal: '터미널',
  openPort: (port) => `${port} 포트 열기`,
  startStopped: '중지된 컨테이너 시작',
  projects: '프로젝트',
  up: '모두 시작',
  down: '모두 중지',
  runImage: '이미지 실행',
  pull: '이미지 받기…',
  settings: '설정…',
  quit: 'Slipway 종료',
  coreStarting: 'Slipway를 시작하는 중…',
  noEngine: '엔진 없음: 이유 보기…',
  engine: {
    starting: '시작 중',
    connecting: '연결 중',
    running: '실행 중',
    lost: '연결할 수 없음',
    stopped: '중지됨',
  },
  machine: {
    absent: '시작한 적 없음',
    stopped: '꺼짐',
    suspended: '일시 중단됨',
    starting: '시작 중',
    running: '실행 중',
    degraded: '실행 중이지만 문제 있음',
    stopping: '종료하는 중',
    failed: '실패',
  },
  machineVerb: { start: '시작', suspend: '일시 중단', shutdown: '종료' },
  showMachine: '머신 보기',
  menu: menuKo,
  unsaved: {
    ask: '파일에 저장하지 않은 변경이 있습니다. 계속하면 사라집니다.',
    leave: '버리기',
    stay: '돌아가기',
  },
  ending: {
    saving: 'Slipway가 머신을 저장하는 중…',
    click: '저장이 끝나면 종료됩니다. 지금 종료하려면 여기를 클릭하세요.',
    ask: '아직 저장되지 않은 머신은 데이터를 잃을 수 있습니다.',
    now: '지금 종료',
    wait: '기다리기',
  },
  died: (name) => `${name} 컨테이너가 예기치 않게 중지되었습니다`,
  unhealthy: (name) => `${name} 컨테이너의 상태가 비정상입니다`,
  engineLost: (name) => `${name} 엔진에 연결할 수 없습니다`,
  settingsRecovered: '설정 파일이 손상되어 마지막 정상 사본을 사용합니다.',
  exitCode: (code) => `종료 코드 ${code}`,
  saveBroke: (name) => `${name} 파일이 저장되지 않았습니다`,
  saveAgain: '다운로드가 끝나기 전에 중단되었습니다. 다시 저장해 주세요.',
}

/** Words by the setting; `system` follows the machine's locale. */
export function trayWords(language: 'system' | 'en' | 'ko', locale: string): TrayWords {
  const wanted = language === 'system' ? locale : language
  return wanted.toLowerCase().startsWith('ko') ? ko : en
}
