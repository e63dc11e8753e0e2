import type { Args } from '../../../shared/contract'
import type { TextKey } from '../../i18n'

/** What stands in the form's fields. */
export interface EngineForm {
  readonly name: string
  readonly kind: 'unix' | 'tcp' | 'ssh'
  readonly path: string
  readonly host: string
  readonly port: number | undefined
  readonly hasTls: boolean
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
  /** A host's name, address, or its entry in `~/.ssh/config`; `user@host` is taken apart. */
  readonly sshHost: string
  readonly sshUser: string
  /** Empty: as `~/.ssh/config` says, else 22. */
  readonly sshPort: number | undefined
  readonly identityFile: string
}

/** 2376 is Docker's own port for TLS, 2375 without. */
export const emptyEngineForm: EngineForm = {
  name: '',
  kind: 'unix',
  path: '/var/run/docker.sock',
  host: '',
  port: 2376,
  hasTls: true,
  caFile: '',
  certFile: '',
  keyFile: '',
  sshHost: '',
  sshUser: '',
  sshPort: undefined,
  identityFile: '',
}

export type FormErrors = { readonly [K in keyof EngineForm]?: TextKey }

const hostShape = /^[A-Za-z0-9.:_-]+$/
const longestName = 64
// As core takes them: neither may look like an option of a command.
const sshHostShape = /^[A-Za-z0-9_:.[][A-Za-z0-9.:_%\]-]*$/
/** What `sshTarget` could not take apart: no address has just one colon, or a bracket left. */
const notApart = /^[^:]*:[^:]*$|[[\]]/
const sshUserShape = /^[A-Za-z0-9_.][A-Za-z0-9_.@\\-]*$/

/** What is wrong with each field; empty when core may be asked. */
export function errorsOf(form: EngineForm): FormErrors {
  const name = form.name.trim()
  const path = (text: string): TextKey | undefined =>
    text.trim() === '' || text.startsWith('/') ? undefined : 'settings.add.pathBad'
  const errors: Record<string, TextKey | undefined> = {
    name:
      name === ''
        ? 'settings.add.nameMissing'
        : name.length > longestName
          ? 'settings.add.nameTooLong'
          : undefined,
    ...(form.kind === 'unix'
      ? { path: form.path.startsWith('/') ? undefined : 'settings.add.pathBad' }
      : form.kind === 'tcp'
        ? tcpErrors(form)
        : sshErrors(form)),
    ...(form.kind === 'tcp' && form.hasTls
      ? { caFile: path(form.caFile), certFile: path(form.certFile), keyFile: path(form.keyFile) }
      : {}),
  }
  return Object.fromEntries(Object.entries(errors).filter(([, key]) => key !== undefined))
}

function tcpErrors({ host, port }: EngineForm): Record<string, TextKey | undefined> {
  const isPort = port !== undefined && Number.isInteger(port) && port >= 1 && port <= 65_535
  return {
    host: hostShape.test(host.trim()) ? undefined : 'settings.add.hostBad',
    port: isPort ? undefined : 'settings.add.portBad',
  }
}

/** `ssh://user@host:port`, as people type it or paste it; a user and a port in their own fields win. */
export function sshTarget({ sshHost, sshUser, sshPort }: EngineForm): {
  readonly host: string
  readonly user: string
  readonly port: number | undefined
} {
  const typed = sshHost
    .trim()
    .replace(/^ssh:\/\//, '')
    .replace(/\/$/, '')
  const at = typed.lastIndexOf('@')
  const place = at < 0 ? typed : typed.slice(at + 1)
  // More than one colon is an IPv6 address: only brackets tell its port.
  const parts = /^(?:\[(.+)\]|([^:[\]]*))(?::(\d*))?$/.exec(place)
  return {
    host: parts?.[1] ?? parts?.[2] ?? place,
    user: sshUser.trim() === '' && at > 0 ? typed.slice(0, at) : sshUser.trim(),
    port: sshPort ?? (parts?.[3] ? Number(parts[3]) : undefined),
  }
}

function sshErrors(form: EngineForm): Record<string, TextKey | undefined> {
  const { host, user, port } = sshTarget(form)
  const { identityFile } = form
  const isPort = port === undefined || (Number.isInteger(port) && port >= 1 && port <= 65_535)
  return {
    sshHost: sshHostShape.test(host) && !notApart.test(host) ? undefined : 'settings.add.hostBad',
    sshUser: user === '' || sshUserShape.test(user) ? undefined : 'settings.add.userBad',
    sshPort: isPort ? undefined : 'settings.add.portBad',
    identityFile:
      identityFile.trim() === '' || /^(\/|~\/|[A-Za-z]:\\)/.test(identityFile.trim())
        ? undefined
        : 'settings.add.pathBad',
  }
}

export type EngineAddressArgs = Args<'engines.test'>['address']

/** The address as core takes it. Files left empty are not sent: core then uses none of that kind. */
export function addressOf(form: EngineForm): EngineAddressArgs {
  if (form.kind === 'unix') return { kind: 'unix', path: form.path }
  if (form.kind === 'ssh') return sshAddress(form)
  const file = (name: 'caFile' | 'certFile' | 'keyFile') =>
    form[name].trim() === '' ? {} : { [name]: form[name].trim() }
  return {
    kind: 'tcp',
    host: form.host.trim(),
    port: form.port ?? 0,
    ...(form.hasTls && { tls: { ...file('caFile'), ...file('certFile'), ...file('keyFile') } }),
  }
}

function sshAddress(form: EngineForm): EngineAddressArgs {
  const { host, user, port } = sshTarget(form)
  const identityFile = form.identityFile.trim()
  return {
    kind: 'ssh',
    host,
    ...(user !== '' && { user }),
    ...(port !== undefined && { port }),
    ...(identityFile !== '' && { identityFile }),
  }
}
