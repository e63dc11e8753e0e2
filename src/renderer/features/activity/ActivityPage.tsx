import { useState, type MouseEvent, type ReactNode } from 'react'
import { act } from '../../api'
import { useT } from '../../i18n'
import { useTasks } from '../../store/activity'
import { Button, PageHeader, Tabs } from '../../ui'
import { EventsTab } from './EventsTab'
import { TasksTab } from './TasksTab'
import './activity.css'

export function ActivityPage(): ReactNode {
  const t = useT()
  const [tab, setTab] = useState<'tasks' | 'events'>('tasks')
  const hasEnded = useTasks().some((task) => task.state !== 'running')
  const clear = (event: MouseEvent): void => {
    // With nothing left to clear the button is off, and would lose the focus.
    event.currentTarget.closest('.page')?.querySelector<HTMLElement>('[role="grid"]')?.focus()
    void act('activity.clear', {})
  }
  return (
    <div className="page">
      <PageHeader
        title={t('activity.title')}
        actions={
          tab === 'tasks' && (
            <Button disabled={!hasEnded} onClick={clear}>
              {t('activity.clear')}
            </Button>
          )
        }
      />
      <Tabs
        label={t('activity.title')}
        value={tab}
        onChange={setTab}
        tabs={[
          { id: 'tasks', label: t('activity.tab.tasks') },
          { id: 'events', label: t('activity.tab.events') },
        ]}
      >
        {tab === 'tasks' ? <TasksTab /> : <EventsTab />}
      </Tabs>
    </div>
  )
}
