import { SearchX } from 'lucide-react'
import type { ReactNode } from 'react'
import type { ContainerDetail } from '../../../../shared/model'
import { useT } from '../../../i18n'
import { EmptyState, KeyValues, Section, ScrollArea } from '../../../ui'
import { useFactSections, type FactRow, type FactSection } from './facts'
import { LongText } from '../../../objects/secrets/LongText'
import { isSecret } from '../../../objects/secrets/secrets'
import { SecretText } from '../../../objects/secrets/SecretText'
import type { Revealed } from '../../../objects/secrets/revealed'

interface OverviewProps {
  readonly detail: ContainerDetail
  readonly query: string
  readonly revealed: Revealed
}

/** The inspect of a container sorted for reading; the search keeps the lines that hold it. */
export function Overview({ detail, query, revealed }: OverviewProps): ReactNode {
  const t = useT()
  const sections = narrowSections(useFactSections(detail), query)
  if (sections.length === 0) return <EmptyState icon={<SearchX />} title={t('containers.inspect.noMatch')} />
  return (
    <ScrollArea>
      {sections.map((section) => (
        <Section key={section.title} title={section.title}>
          {section.rows.length === 0 ? (
            <p className="containers__hint">{t('containers.inspect.none')}</p>
          ) : (
            <KeyValues rows={section.rows.map((row) => ({ key: row.key, value: valueOf(row, revealed) }))} />
          )}
        </Section>
      ))}
    </ScrollArea>
  )
}

const valueOf = (row: FactRow, revealed: Revealed): ReactNode =>
  row.secretId === undefined ? (
    <LongText text={row.value} />
  ) : (
    <SecretText id={row.secretId} name={row.key} value={row.value} revealed={revealed} />
  )

/** A hidden value is not searched: what it holds must not be found out by typing. */
export function narrowSections(sections: readonly FactSection[], query: string): readonly FactSection[] {
  const word = query.trim().toLowerCase()
  if (word === '') return sections
  const holds = (row: FactRow): boolean => {
    if (row.key.toLowerCase().includes(word)) return true
    if (row.secretId !== undefined && isSecret(row.key, row.value)) return false
    return row.value.toLowerCase().includes(word)
  }
  return sections
    .map((section) => ({ ...section, rows: section.rows.filter(holds) }))
    .filter((section) => section.rows.length > 0)
}
