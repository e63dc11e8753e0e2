export interface GoEvent {
  readonly Action: string
  readonly Package?: string
  readonly Test?: string
  readonly Output?: string
}
export function goEvents(text: string): GoEvent[]
export function goText(events: readonly GoEvent[]): string
