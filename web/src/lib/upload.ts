/** Sends a file to a presigned address and tells how far it is; fetch cannot tell that. */
import { noAnswer, Problem } from './api/problem'

export interface UploadTarget {
  url: string
  /** Fields of a presigned POST; without them the file is PUT. */
  fields?: Readonly<Record<string, string>> | null
}

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
