/**
 * Asks the person for one file of this computer; nothing happens when none is chosen. `accept` is as of
 * `<input type="file">`. Only inside an event of the person's own: browsers refuse it elsewhere.
 */
export function chooseFile(take: (file: File) => void, accept = ''): void {
  const field = document.createElement('input')
  field.type = 'file'
  field.accept = accept
  field.addEventListener('change', () => {
    const file = field.files?.[0]
    if (file) take(file)
  })
  field.click()
}
