const FORMULA = /^[=+\-@\t\r\n＝＋－＠]/
const NUMBER = /^-\d+(,\d+)?$/

/** A table as CSV for a Czech spreadsheet: semicolons, decimal commas, a mark of UTF-8, and no text that is a formula. */
export function csv(head: readonly string[], rows: readonly (readonly (string | number)[])[]): string {
  return `\ufeff${[head, ...rows].map(row => row.map(cell).join(';')).join('\r\n')}\r\n`
}

function cell(value: string | number): string {
  const text = typeof value === 'number' ? String(value).replace('.', ',') : value
  const plain = FORMULA.test(text) && !NUMBER.test(text) ? `'${text}` : text
  return /[;"\r\n]/.test(plain) ? `"${plain.replace(/"/g, '""')}"` : plain
}

export function saveAs(name: string, text: string, type = 'text/csv;charset=utf-8'): void {
  saveBlob(name, new Blob([text], { type }))
}

export function saveBlob(name: string, blob: Blob): void {
  const url = URL.createObjectURL(blob)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  setTimeout(() => URL.revokeObjectURL(url))
}
