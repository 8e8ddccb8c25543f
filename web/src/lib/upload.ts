/** Files on their way out: large ones to a presigned address, small ones inside a request. */
import { noAnswer, Problem } from './api/problem'
import { fileSize } from './format'
import { texts, textsNow } from './texts'

const BYTES_A_CALL = 8192 // arguments of one call

export interface UploadTarget {
  url: string
  /** Fields of a presigned POST; without them the file is PUT. */
  fields?: Readonly<Record<string, string>> | null
}

/** What fits into a request as base64; the API refuses more by the same limit. */
export const FILE_BYTES_MAX = 3 * 1024 * 1024

const t = texts({
  cs: { tooLarge: (size: string) => `Soubor má ${size}, nejvýše smí mít 3 MB. Rozdělte ho na menší.` },
  en: { tooLarge: (size: string) => `The file has ${size}; it may have 3 MB at most. Split it.` },
})

/** A small file as the API takes it in JSON: its name, and its bytes in base64. Throws a Problem where it is too large. */
export async function asFileBody(file: File): Promise<{ filename: string; content_base64: string }> {
  if (file.size > FILE_BYTES_MAX) throw new Problem(413, { code: 'file_too_large', detail: textsNow(t).tooLarge(fileSize(file.size)) })
  const bytes = new Uint8Array(await file.arrayBuffer())
  let text = ''
  for (let from = 0; from < bytes.length; from += BYTES_A_CALL) text += String.fromCharCode(...bytes.subarray(from, from + BYTES_A_CALL))
  return { filename: file.name, content_base64: btoa(text) }
}

/** Sends a file to a presigned address and tells how far it is; fetch cannot tell that. */
export function sendFile(file: File, target: UploadTarget, onProgress: (share: number) => void, signal?: AbortSignal): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest()
    request.open(target.fields ? 'POST' : 'PUT', target.url)
    request.upload.addEventListener('progress', event => event.lengthComputable && onProgress(event.loaded / event.total))
    request.addEventListener('load', () => (request.status < 300 ? resolve() : reject(new Problem(request.status, {}))))
    request.addEventListener('error', () => reject(noAnswer()))
    signal?.addEventListener('abort', () => request.abort())
    if (target.fields) request.send(formOf(target.fields, file))
    else {
      request.setRequestHeader('Content-Type', file.type)
      request.send(file)
    }
  })
}

function formOf(fields: Readonly<Record<string, string>>, file: File): FormData {
  const form = new FormData()
  for (const [name, value] of Object.entries(fields)) form.append(name, value)
  form.append('file', file) // S3 ignores what comes after the file
  return form
}
