/** The largest file the API takes beside an application. */
export const DOCUMENT_BYTES_MAX = 10 * 1024 * 1024
