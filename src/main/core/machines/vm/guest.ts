import type { Duplex } from 'node:stream'

/**
 * What core may ask of a machine's guest, over its tunnel. The tunnel area makes it, `core.ts` hands it over:
 * machines know nothing of SSH.
 */
export interface Guest {
  /** Runs `/usr/libexec/slipway/guest VERB ARGS…`; throws `machine.guest-failed` with the guest's words. */
  run(
    verb: GuestVerb,
    args: readonly string[],
    more: { input?: string; signal: AbortSignal; timeoutMs?: number },
  ): Promise<string>
  /** A stream to a unix socket in the guest. `bulk` keeps big transfers out of the way of small questions. */
  dialUnix(path: string, signal: AbortSignal, lane?: 'bulk'): Promise<Duplex>
  /** A stream to a port in the guest, as seen from the guest. */
  dialTcp(host: string, port: number, signal: AbortSignal): Promise<Duplex>
  /** Serves connections to a unix socket that is made in the guest (0600, root). Returns the undo. */
  listenUnix(path: string, onConnection: (stream: Duplex) => void, signal: AbortSignal): Promise<() => void>
  /** A login shell or one command with a terminal. */
  shell(
    size: { cols: number; rows: number },
    signal: AbortSignal,
    argv?: readonly string[],
  ): Promise<GuestShell>
  /** Called once, when the link has ended. */
  onClosed(listener: (reason: Error | undefined) => void): () => void
  close(): void
}

export interface GuestShell {
  readonly stream: Duplex
  resize(size: { cols: number; rows: number }): void
  readonly exit: Promise<number | null>
}

/** How a guest is reached: keys are made by us and put into the VM, so there is no trust on first use. */
export interface GuestAddress {
  readonly host: string
  readonly port: number
  /** OpenSSH private key text of this machine's user key. */
  readonly privateKey: string
  /** `ssh-ed25519 AAAA…`: the only host key that is accepted. */
  readonly hostKey: string
}

export type OpenGuest = (address: GuestAddress, signal: AbortSignal) => Promise<Guest>

/**
 * The programs of the guest's side, `vm-assets/root/usr/libexec/slipway/guest`:
 * - `facts`: JSON of memory, disk, clock, kernel, engine.
 * - `before-suspend`: drops caches, syncs. `after-resume EPOCH_MS`: sets the clock.
 * - `set-clock EPOCH_MS`.
 * - `shutdown`: ends containers and engine in order, then powers off.
 * - `grow-disk`: makes the file system as big as its disk. `trim`: gives free blocks back; answers bytes.
 * - `check-daemon-json` (stdin): one problem a line; nothing: it would start.
 * - `apply-daemon-json` (stdin): checks, restarts the engine with it, and goes back when it does not come up.
 * - `apply-network` (stdin, lines `dns IP`, `http URL`, `https URL`, `none LIST`): name servers and proxy; restarts the engine only for a changed proxy.
 * - `apply-ca` (stdin, PEM). `apply-swap MIB`.
 * - `mount-share PATH ro|rw` / `unmount-share PATH`: over the socket `/run/slipway/share.sock`.
 * - `touch` (stdin, a path a line): wakes the watchers of what changed on the host.
 * - `engine-log LINES`.
 * - `replace-agent VERSION` (stdin, base64): the agent of that version runs in place of the image's own.
 */
export type GuestVerb =
  | 'facts'
  | 'before-suspend'
  | 'after-resume'
  | 'set-clock'
  | 'shutdown'
  | 'grow-disk'
  | 'trim'
  | 'check-daemon-json'
  | 'apply-daemon-json'
  | 'apply-network'
  | 'apply-ca'
  | 'apply-swap'
  | 'mount-share'
  | 'unmount-share'
  | 'touch'
  | 'engine-log'
  | 'replace-agent'
