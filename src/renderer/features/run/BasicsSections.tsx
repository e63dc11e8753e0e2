import type { ReactNode } from 'react'
import { useState } from 'react'
import { parseEnvFile, type EnvFileProblem } from '../../../shared/run'
import { useT } from '../../i18n'
import { useRows } from '../../store/inventory'
import { showToast } from '../../store/toasts'
import { Button, chooseFile, Combobox, Section, TextField } from '../../ui'
import { useRunForm } from './form'
import { Pairs, ShellWordsField } from './Pieces'
import { useWrong } from './use-words'

export function ImageSection(): ReactNode {
  const t = useT()
  const { spec, change, engine } = useRunForm()
  const wrong = useWrong()
  const images = useRows('images')
  const tags = images.filter((image) => image.engine === engine).flatMap((image) => image.tags)
  return (
    <Section title={t('run.section.basics')}>
      <div className="run-grid">
        <Combobox
          label={t('run.field.image')}
          mono
          autoFocus
          value={spec.image}
          suggestions={tags}
          placeholder={t('run.field.imagePlaceholder')}
          error={wrong('image')}
          onChange={(image) => change({ image: image.trim() })}
        />
        <TextField
          label={t('run.field.name')}
          mono
          value={spec.name}
          placeholder={t('run.field.namePlaceholder')}
          error={wrong('name')}
          onChange={(name) => change({ name })}
        />
        <ShellWordsField
          path="command"
          label={t('run.field.command')}
          hint={t('run.field.commandHint')}
          value={spec.command.length > 0 ? spec.command : undefined}
          onValue={(command) => change({ command: [...(command ?? [])] })}
        />
        <ShellWordsField
          path="entrypoint"
          label={t('run.field.entrypoint')}
          hint={t('run.field.entrypointHint')}
          value={spec.entrypoint}
          onValue={(entrypoint) => change({ entrypoint: entrypoint && [...entrypoint] })}
        />
      </div>
    </Section>
  )
}

interface EnvFileRead {
  readonly file: string
  readonly count: number
  readonly problems: readonly EnvFileProblem[]
}

export function EnvSection(): ReactNode {
  const t = useT()
  const { change } = useRunForm()
  const [read, setRead] = useState<EnvFileRead>()
  const take = async (file: File): Promise<void> => {
    const text = await file.text().catch(() => undefined)
    if (text === undefined) {
      showToast({ tone: 'bad', title: t('run.envFile.unreadable', { file: file.name }) })
      return
    }
    const { env, problems } = parseEnvFile(text)
    const names = new Set(env.map((pair) => pair.name))
    change((spec) => ({ env: [...spec.env.filter((pair) => !names.has(pair.name)), ...env] }))
    setRead({ file: file.name, count: env.length, problems })
  }
  return (
    <Section title={t('run.section.env')}>
      <Pairs
        field="env"
        title={t('run.section.env')}
        names={[t('run.field.envName'), t('run.field.envValue')]}
      />
      <Button size="sm" onClick={() => chooseFile((file) => void take(file))}>
        {t('run.field.envFile')}
      </Button>
      {read && <EnvFileReport {...read} />}
    </Section>
  )
}

function EnvFileReport({ file, count, problems }: EnvFileRead): ReactNode {
  const t = useT()
  const words = {
    'name-empty': 'nameEmpty',
    'name-space': 'nameSpace',
    'from-shell': 'fromShell',
    nul: 'nul',
  } as const
  return (
    <div role="status" className="run-note">
      {t('run.envFile.read', { count, file })}
      <ul>
        {problems.map((problem) => (
          <li key={problem.line}>
            {t('run.envFile.problem', {
              line: problem.line,
              what: t(`run.envFile.${words[problem.code]}`, { name: problem.name }),
            })}
          </li>
        ))}
      </ul>
    </div>
  )
}
