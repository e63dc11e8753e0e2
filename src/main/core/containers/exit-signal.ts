/** Linux on x86-64 and arm64; a shell and the engine tell a death by signal n as exit code 128 + n. */
const signals =
  `HUP INT QUIT ILL TRAP ABRT BUS FPE KILL USR1 SEGV USR2 PIPE ALRM TERM STKFLT CHLD CONT STOP TSTP
  TTIN TTOU URG XCPU XFSZ VTALRM PROF WINCH IO PWR SYS`.split(/\s+/)

/** `SIGKILL` for 137; `undefined` for a code that tells no signal. */
export function signalOf(exitCode: number): string | undefined {
  const name = signals[exitCode - 129]
  return name === undefined ? undefined : `SIG${name}`
}
