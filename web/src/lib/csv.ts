/** A table as CSV for a Czech spreadsheet: semicolons, decimal commas, a mark of UTF-8. */
export function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  const cell = (value: string | number) => {
    const text = typeof value === 'number' ? String(value).replace('.', ',') : value
    return /[;"\n]/.test(text) || /^[=+@-]\D/.test(text) ? `"${text.replace(/"/g, '""')}"` : text
  }
  return `\ufeff${[head, ...rows].map(row => row.map(cell).join(';')).join('\r\n')}\r\n`
}

export function saveAs(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  const url = URL.createObjectURL(new Blob([text], { type }))
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url))
}
