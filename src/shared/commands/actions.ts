import type { CheckedArgs, Contract } from '../contract'

type Noun = 'containers' | 'files' | 'images' | 'volumes' | 'networks' | 'engines' | 'machines'

/** Calls about these nouns that only look: they change nothing and are recorded nowhere. */
export type QuestionName =
  | `${'containers' | 'images' | 'volumes' | 'networks'}.${'inspect' | 'prunePlan'}`
  | 'containers.top'
  | 'containers.changes'
  | 'containers.spec'
  | 'containers.logs'
  | 'containers.searchLogs'
  | `files.${'list' | 'stat' | 'read' | 'find' | 'removalPlan'}`
  | 'images.history'
  | 'volumes.sizes'
  | 'engines.test'
  | 'engines.info'
  | 'engines.log'
  | 'engines.retry'
  | `machines.${'watch' | 'propose' | 'checkDaemonJson' | 'deletePlan' | 'snapshots' | 'log' | 'console' | 'usage'}`

/** What a person does to an engine: a new contract name is an action unless it is named a question above. */
export type ActionName = Exclude<Extract<keyof Contract, `${Noun}.${string}`>, QuestionName>

export type ActionArgs<N extends ActionName> = CheckedArgs<N>
