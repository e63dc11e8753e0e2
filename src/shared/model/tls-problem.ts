/** Why there is no secure connection: `facts.tls` of `engine.tls`. */
export const tlsProblems = [
  /** The CA file does not vouch for the engine's certificate. */
  'authority',
  /** The certificate is another host's. */
  'name',
  /** Expired, or not valid yet. */
  'date',
  /** The engine did not take our certificate, or wants one. */
  'refused',
  /** A file is no PEM, or the key is another certificate's. */
  'files',
  /** A file cannot be read: `facts.path`. */
  'unreadable',
  /** The engine wants TLS and was asked without. */
  'wanted',
  /** The engine was asked with TLS and speaks none. */
  'plain',
] as const

export type TlsProblem = (typeof tlsProblems)[number]
