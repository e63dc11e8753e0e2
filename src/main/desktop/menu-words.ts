/** What the application menu says. Electron's own words for its roles are English in every language. */
export interface MenuWords {
  readonly file: string
  readonly edit: string
  readonly view: string
  readonly window: string
  readonly help: string
  readonly newRun: string
  readonly diagnostics: string
  readonly role: Readonly<Record<MenuRole, string>>
}

/** What the system does by itself. */
export type MenuRole =
  | ('about' | 'hide' | 'hideOthers' | 'unhide' | 'quit')
  | ('undo' | 'redo' | 'cut' | 'copy' | 'paste' | 'delete' | 'selectAll')
  | ('reload' | 'resetZoom' | 'zoomIn' | 'zoomOut' | 'togglefullscreen')
  | ('minimize' | 'zoom' | 'front' | 'close')

export const menuEn: MenuWords = {
  file: 'File',
  edit: 'Edit',
  view: 'View',
  window: 'Window',
  help: 'Help',
  newRun: 'Run a container…',
  diagnostics: 'Diagnostics',
  role: {
    about: 'About Slipway',
    hide: 'Hide Slipway',
    hideOthers: 'Hide Others',
    unhide: 'Show All',
    quit: 'Quit Slipway',
    undo: 'Undo',
    redo: 'Redo',
    cut: 'Cut',
    copy: 'Copy',
    paste: 'Paste',
    delete: 'Delete',
    selectAll: 'Select All',
    reload: 'Reload window',
    resetZoom: 'Actual Size',
    zoomIn: 'Zoom In',
    zoomOut: 'Zoom Out',
    togglefullscreen: 'Full Screen',
    minimize: 'Minimize',
    zoom: 'Zoom',
    front: 'Bring All to Front',
    close: 'Close Window',
  },
}

export const menuKo: MenuWords = {
  file: '파일',
  edit: '편집',
  view: '보기',
  window: '창',
  help: '도움말',
  newRun: '컨테이너 실행…',
  diagnostics: '진단',
  role: {
    about: 'Slipway 정보',
    hide: 'Slipway 가리기',
    hideOthers: '기타 가리기',
    unhide: '모두 보기',
    quit: 'Slipway 종료',
    undo: '실행 취소',
    redo: '다시 실행',
    cut: '잘라내기',
    copy: '복사',
    paste: '붙여넣기',
    delete: '삭제',
    selectAll: '모두 선택',
    reload: '창 새로 고침',
    resetZoom: '실제 크기',
    zoomIn: '확대',
    zoomOut: '축소',
    togglefullscreen: '전체 화면',
    minimize: '최소화',
    zoom: '확대/축소',
    front: '모두 앞으로 가져오기',
    close: '창 닫기',
  },
}
