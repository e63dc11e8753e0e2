import { chmodSync, mkdirSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

/** What goes wrong, and what happens next. */
export interface QemuPlan {
  /** Arguments that it refuses: `kvm`, `-sandbox`. */
  readonly refuse?: readonly string[]
  readonly version?: string
  /** Starts whose kernel says nothing. */
  readonly silentStarts?: number
  /** Starts that end by themselves right after this mark (`firmware`: before any), and how. */
  readonly fall?: {
    readonly starts: number
    readonly after: string
    readonly how: 'reset' | 'panic' | 'killed'
  }
  /** The guest never comes to this mark. */
  readonly stopAtMark?: string
  readonly busyPorts?: 'all'
  readonly ignoresButton?: boolean
  readonly suspendFails?: boolean
  /** The state begins to go out (`at-end`: all of it is out), or to come in, and never ends. */
  readonly suspendStalls?: boolean | 'at-end'
  readonly loadStalls?: boolean
  readonly loadFails?: boolean
  readonly hangsAtProbe?: boolean
  /** Done in order, each once: `panic`, `down`, `io-error`, `say TEXT`. */
  readonly do?: readonly string[]
}

/** A `qemu-system-x86_64` in a folder of its own, whose faults a test plans. */
export class FakeQemu {
  readonly folder: string
  readonly env: NodeJS.ProcessEnv
  readonly #planPath: string
  #plan: QemuPlan = {}

  constructor(dir: string) {
    this.folder = join(dir, 'fake-qemu-bin')
    this.#planPath = join(dir, 'fake-qemu-plan.json')
    mkdirSync(this.folder, { recursive: true })
    const program = join(this.folder, 'qemu-system-x86_64')
    const script = join(import.meta.dirname, 'program.mjs')
    const plan = `FAKE_QEMU_PLAN=${JSON.stringify(this.#planPath)}`
    writeFileSync(program, `#!/bin/sh\n${plan} exec ${JSON.stringify(process.execPath)} ${script} "$@"\n`)
    chmodSync(program, 0o755)
    this.env = { PATH: this.folder }
    this.set({})
  }

  /** How many were started for a machine, probes not counted. */
  get starts(): number {
    try {
      return readFileSync(`${this.#planPath}.starts`, 'utf8').length
    } catch {
      return 0
    }
  }

  set(plan: QemuPlan): void {
    this.#plan = plan
    writeFileSync(`${this.#planPath}.new`, JSON.stringify(plan))
    renameSync(`${this.#planPath}.new`, this.#planPath)
  }

  /** Lets something happen in the one that runs. */
  now(what: string): void {
    this.set({ ...this.#plan, do: [...(this.#plan.do ?? []), what] })
  }
}
