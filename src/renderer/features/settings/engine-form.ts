import type { Args } from '../../../shared/contract'
import type { TextKey } from '../../i18n'

/** What stands in the form's fields. */
export interface EngineForm {
  readonly name: string
  readonly kind: 'unix' | 'tcp'
  readonly path: string
  readonly host: string
  readonly port: number | undefined
  readonly hasTls: boolean
  readonly caFile: string
  readonly certFile: string
  readonly keyFile: string
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
}

export type FormErrors = { readonly [K in keyof EngineForm]?: TextKey }

const hostShape = /^[A-Za-z0-9.:_-]+$/
const longestName = 64

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
      : tcpErrors(form)),
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

export type EngineAddressArgs = Args<'engines.test'>['address']

/** The address as core takes it. Files left empty are not sent: core then uses none of that kind. */
export function addressOf(form: EngineForm): EngineAddressArgs {
  if (form.kind === 'unix') return { kind: 'unix', path: form.path }
  const file = (name: 'caFile' | 'certFile' | 'keyFile') =>
    form[name].trim() === '' ? {} : { [name]: form[name].trim() }
  return {
    kind: 'tcp',
    host: form.host.trim(),
    port: form.port ?? 0,
    ...(form.hasTls && { tls: { ...file('caFile'), ...file('certFile'), ...file('keyFile') } }),
  }
}
